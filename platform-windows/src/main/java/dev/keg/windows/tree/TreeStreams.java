package dev.keg.windows.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.PortablePaths;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs.Xattr;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.file.FilePlace;
import dev.keg.windows.win32.file.FileStreams;
import dev.keg.windows.win32.file.FileStreams.Stream;
import dev.keg.windows.win32.file.OpenStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The alternate data streams of one tree: small ones are attributes of a file, others files. */
final class TreeStreams {
  static final String ATTRIBUTE = "user.";

  /** A larger stream is a file of the tree: Linux has no attribute as large. */
  static final long LARGEST = 64 << 10;

  /** So much of one file is held in memory. */
  static final long LARGEST_TOGETHER = 1 << 20;

  /** What a reader takes of the name of an attribute, as Linux has it; in bytes. */
  private static final int LONGEST_NAME = 255;

  private static final int FILE_BITS = 0666;

  private final FileStreams streams;
  private final PortablePaths paths;

  TreeStreams(FileStreams streams, Path root) {
    this.streams = streams;
    this.paths = new PortablePaths(root);
  }

  FilePlace place(TreePath path) {
    return new FilePlace(paths.path(path), path.isRoot());
  }

  /** When anything of a file last changed. */
  Instant changed(FilePlace place) throws Win32Exception {
    return streams.changed(place);
  }

  /** The streams of a file, in the order of the system. */
  private record Streams(List<Stream> small, List<Stream> large) {}

  private Streams split(FilePlace place) throws Win32Exception {
    Streams all = new Streams(new ArrayList<>(), new ArrayList<>());
    long together = 0;
    for (Stream stream : streams.of(place)) {
      if (stream.size() > LARGEST || together + stream.size() > LARGEST_TOGETHER) {
        all.large().add(stream);
      } else {
        all.small().add(stream);
        together += stream.size();
      }
    }
    return all;
  }

  /**
   * The small streams of a file. A large one that cannot be shown as a file has no turn of its own,
   * so it is told here.
   *
   * @param name as of {@link #large}
   */
  List<Xattr> small(FilePlace place, ByteString name) throws Win32Exception {
    Streams all = split(place);
    for (Stream stream : all.large()) {
      if (fileName(name, stream).isEmpty()) {
        throw nameless(place, stream);
      }
    }
    List<Xattr> list = new ArrayList<>();
    for (Stream stream : all.small()) {
      ByteString attribute = ByteString.utf8(ATTRIBUTE + stream.name());
      if (attribute.length() > LONGEST_NAME || !isText(stream.name())) {
        throw nameless(place, stream);
      }
      content(place, stream).ifPresent(content -> list.add(new Xattr(attribute, content)));
    }
    return list;
  }

  private static boolean isText(String name) {
    return UTF_8.newEncoder().canEncode(name);
  }

  private static Optional<ByteString> fileName(ByteString owner, Stream stream) {
    return isText(stream.name()) ? StreamFile.name(owner, stream.name()) : Optional.empty();
  }

  /** With another name, no reader would take the archive, or two streams would have one name. */
  private static FileFailure nameless(FilePlace place, Stream stream) {
    return new FileFailure(
        "read",
        place + ":" + stream.name(),
        "an alternate data stream with a name that no archive holds; to keep it, copy the disk of"
            + " the volume",
        null);
  }

  /** Empty if it was removed meanwhile; the file is there nevertheless, and has its list. */
  private Optional<ByteString> content(FilePlace place, Stream stream) throws Win32Exception {
    try {
      return Optional.of(ByteString.of(streams.read(place, stream)));
    } catch (Win32Exception e) {
      if (FileExtras.isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The names of the files that the large streams of one are; none if its streams cannot be read,
   * which is told when it has its turn.
   *
   * @param name of the file, or an empty one for the directory that shows them
   */
  List<ByteString> large(TreePath file, ByteString name) {
    try {
      return split(place(file)).large().stream()
          .flatMap(stream -> fileName(name, stream).stream())
          .toList();
    } catch (Win32Exception _) {
      return List.of();
    }
  }

  /** What a stream is as a file, beside an owner with this stat; empty if it is gone. */
  Optional<Stat> stat(StreamFile file, Stat owner) {
    FilePlace place = place(file.owner());
    try {
      return streams.of(place).stream()
          .filter(stream -> stream.name().equals(file.stream()))
          .findFirst()
          .map(stream -> asFile(owner, stream.size()));
    } catch (Win32Exception e) {
      if (FileExtras.isGone(e)) {
        return Optional.empty();
      }
      throw failure("read", file, e);
    }
  }

  private static Stat asFile(Stat owner, long size) {
    return new Stat(
        Stat.Type.REGULAR,
        owner.mode() & FILE_BITS,
        owner.uid(),
        owner.gid(),
        size,
        owner.modified(),
        owner.changed(),
        owner.device(),
        0,
        1,
        0,
        0,
        false,
        false);
  }

  private interface Opening {
    OpenStream open(FilePlace place, String stream) throws Win32Exception;
  }

  /** Opens a stream to read it; empty if it is gone. */
  Optional<OpenStream> open(StreamFile file) {
    return open("read", file, streams::open);
  }

  /** Opens a stream to change it; empty if there is none. */
  Optional<OpenStream> change(StreamFile file) {
    return open("write", file, streams::change);
  }

  private Optional<OpenStream> open(String operation, StreamFile file, Opening opening) {
    try {
      return Optional.of(opening.open(place(file.owner()), file.stream()));
    } catch (Win32Exception e) {
      if (FileExtras.isGone(e)) {
        return Optional.empty();
      }
      throw failure(operation, file, e);
    }
  }

  /** Refuses a stream of a file that is reached through a link. */
  void requireDirectories(StreamFile file) {
    TreePath directory = file.ofDirectory() ? file.owner() : file.owner().parent();
    for (TreePath at = directory; !at.isRoot(); at = at.parent()) {
      Path path = paths.path(at);
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileFailure("create", path.toString(), "not a directory", null);
      }
    }
  }

  boolean hasOwner(StreamFile file) {
    return Files.exists(paths.path(file.owner()), LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes a stream, and its file if there is none yet; empty if there is such a stream. */
  Optional<OpenStream> create(StreamFile file) throws Win32Exception {
    try {
      return Optional.of(streams.create(place(file.owner()), file.stream()));
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.FILE_EXISTS) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void remove(StreamFile file) {
    try {
      streams.remove(place(file.owner()), file.stream());
    } catch (Win32Exception e) {
      if (!FileExtras.isGone(e)) {
        throw failure("remove", file, e);
      }
    }
  }

  FileFailure failure(String operation, StreamFile file, Win32Exception e) {
    return FileExtras.failure(operation, place(file.owner()) + ":" + file.stream(), e);
  }

  /** A stream that is written sets the time of its file. */
  void setTime(StreamFile file, Instant modified) throws IOException {
    Files.getFileAttributeView(
            paths.path(file.owner()), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(modified), null, null);
  }

  /** Why the stream that an attribute stands for cannot be written; empty if it was. */
  Optional<String> write(TreePath path, Xattr xattr) {
    FilePlace place = place(path);
    try {
      String name = xattr.name().utf8().substring(ATTRIBUTE.length());
      if (name.isEmpty() || name.chars().anyMatch(TreeStreams::isRefused)) {
        return Optional.of("Windows allows no alternate data stream of this name");
      }
      streams.write(place, name, xattr.value().toArray());
      return Optional.empty();
    } catch (CharacterCodingException _) {
      return Optional.of("its name is no UTF-8");
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.DISK_FULL) {
        throw FileExtras.failure("write", place + ":" + xattr.name(), e);
      }
      return Optional.of(Win32Error.message(e.code()));
    }
  }

  // A name with one of these would lead to another file.
  private static boolean isRefused(int c) {
    return c < ' ' || c == ':' || c == '\\' || c == '/';
  }
}
