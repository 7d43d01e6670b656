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
import java.util.Set;
import java.util.stream.Collectors;

/** The alternate data streams of a tree: small ones are attributes of a file, others are files. */
final class TreeStreams {
  static final String ATTRIBUTE = "user.";

  /** A larger stream is a file of the tree: Linux has no attribute as large. */
  static final long LARGEST = 64 << 10;

  /** The limit for the small streams of one file, which are held in memory. */
  static final long LARGEST_TOGETHER = 1 << 20;

  /** The longest attribute name that readers accept, as on Linux; in bytes. */
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

  /** When any part of a file last changed. */
  Instant changed(FilePlace place) throws Win32Exception {
    return streams.changed(place);
  }

  /**
   * The streams of a file, in the order of the system.
   *
   * @param resized whether the size of a stream contradicts how it is shown
   */
  record Streams(List<Stream> small, List<Stream> large, boolean resized) {
    static final Streams NONE = new Streams(List.of(), List.of(), false);

    Set<String> largeNames() {
      return large.stream().map(Stream::name).collect(Collectors.toSet());
    }

    /**
     * The file names of the large streams.
     *
     * @param owner the name of their file, or an empty one for the directory that shows them
     */
    List<ByteString> fileNames(ByteString owner) {
      return large.stream().flatMap(stream -> fileName(owner, stream).stream()).toList();
    }
  }

  /** Determines the streams of a file. */
  @FunctionalInterface
  interface StreamQuery {
    Streams run() throws Win32Exception;
  }

  /**
   * The streams of a file.
   *
   * @param shown the streams to show as files; if empty, their size decides
   */
  Streams split(TreePath file, Optional<Set<String>> shown) throws Win32Exception {
    FilePlace place = place(file);
    List<Stream> small = new ArrayList<>();
    List<Stream> large = new ArrayList<>();
    long together = 0;
    boolean resized = false;
    for (Stream stream : streams.of(place)) {
      boolean tooLarge = stream.size() > LARGEST || together + stream.size() > LARGEST_TOGETHER;
      boolean isFile = shown.map(names -> names.contains(stream.name())).orElse(tooLarge);
      resized |= isFile != tooLarge;
      if (isFile) {
        large.add(stream);
      } else {
        small.add(stream);
        together += stream.size();
      }
    }
    if (together > LARGEST_TOGETHER) {
      throw new FileFailure(
          "read", place.toString(), "its alternate data streams grew while it was saved", null);
    }
    return new Streams(small, large, resized);
  }

  /**
   * The small streams of a file. Also reports large ones that cannot be shown as files.
   *
   * @param owner see {@link Streams#fileNames}
   */
  List<Xattr> small(FilePlace place, ByteString owner, Streams all) throws Win32Exception {
    for (Stream stream : all.large()) {
      if (fileName(owner, stream).isEmpty()) {
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

  /**
   * With another name, no reader would accept the archive, or two streams would have the same name.
   */
  private static FileFailure nameless(FilePlace place, Stream stream) {
    return new FileFailure(
        "read",
        place + ":" + stream.name(),
        "an alternate data stream with a name that no archive holds; to keep it, copy the disk of"
            + " the volume",
        null);
  }

  /** Empty if it was removed meanwhile; the file still exists with its list. */
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

  /** The stat of a stream as a file, given its owner's stat; empty if it is gone. */
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
        false,
        false);
  }

  private interface Opening {
    OpenStream open(FilePlace place, String stream) throws Win32Exception;
  }

  /** Opens a stream for reading; empty if it is gone. */
  Optional<OpenStream> open(StreamFile file) {
    return open("read", file, streams::open);
  }

  /** Opens a stream for changing; empty if it does not exist. */
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

  /** Creates a stream, and its file if necessary; empty if the stream exists. */
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

  /** Sets the time of the file, which writing to a stream has changed. */
  void setTime(StreamFile file, Instant modified) throws IOException {
    Files.getFileAttributeView(
            paths.path(file.owner()), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(modified), null, null);
  }

  /** Writes the stream of an attribute; returns why it cannot be written, or empty. */
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
      return Optional.of("its name is not UTF-8");
    } catch (Win32Exception e) {
      if (Win32Error.isFull(e.code())) {
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
