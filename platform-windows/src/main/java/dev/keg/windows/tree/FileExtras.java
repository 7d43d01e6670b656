package dev.keg.windows.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.PortablePaths;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import dev.keg.windows.win32.FilePlace;
import dev.keg.windows.win32.FileStreams.Stream;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What files of one tree have on Windows beside what java.nio knows. */
final class FileExtras {
  static final String STREAM = "user.";

  /** What a reader of our archives takes of one attribute, and of all of a file. */
  static final long LARGEST = 16 << 20;

  private static final long LARGEST_TOGETHER = 48 << 20;

  /** What a reader takes of the name of an attribute, as Linux has it; in bytes. */
  private static final int LONGEST_NAME = 255;

  private final Windows windows;
  private final PortablePaths paths;
  private final boolean lists;

  private FileExtras(Windows windows, Path root, boolean lists) {
    this.windows = windows;
    this.paths = new PortablePaths(root);
    this.lists = lists;
  }

  static FileExtras toRead(Windows windows, Path root) {
    return of(windows, root, "read", () -> windows.security().enableReadingAll());
  }

  static FileExtras toWrite(Windows windows, Path root) {
    return of(windows, root, "write", () -> windows.security().enableWritingAll());
  }

  private interface Call {
    void run() throws Win32Exception;
  }

  private static FileExtras of(Windows windows, Path root, String operation, Call enable) {
    try {
      enable.run();
      return new FileExtras(windows, root, windows.security().keepsLists(root));
    } catch (Win32Exception e) {
      throw failure(operation, root.toString(), e);
    }
  }

  static FileFailure failure(String operation, String path, Win32Exception e) {
    return new FileFailure(operation, path, e.what(), e);
  }

  private FilePlace place(TreePath path) {
    return new FilePlace(paths.path(path), path.isRoot());
  }

  /** With when anything of it last changed; empty if the file is gone. */
  Optional<Stat> changed(TreePath path, Stat stat) {
    FilePlace place = place(path);
    try {
      return Optional.of(stat.withChanged(windows.streams().changed(place)));
    } catch (Win32Exception e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw failure("read", place.toString(), e);
    }
  }

  private static boolean isGone(Win32Exception e) {
    return e.code() == Win32Error.FILE_NOT_FOUND || e.code() == Win32Error.PATH_NOT_FOUND;
  }

  /** Its descriptor and its streams; none if the file is gone. A link has no streams. */
  Xattrs read(TreePath path, Stat.Type type) {
    FilePlace place = place(path);
    List<Xattr> list = new ArrayList<>();
    try {
      if (lists) {
        String text = windows.security().describe(place);
        list.add(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, ByteString.utf8(text)));
      }
      if (type != Stat.Type.SYMLINK) {
        addStreams(place, list);
      }
    } catch (Win32Exception e) {
      if (isGone(e)) {
        return Xattrs.NONE;
      }
      throw failure("read", place.toString(), e);
    }
    return Xattrs.of(list);
  }

  private void addStreams(FilePlace place, List<Xattr> list) throws Win32Exception {
    long together = 0;
    for (Stream stream : windows.streams().of(place)) {
      together += stream.size();
      if (stream.size() > LARGEST || together > LARGEST_TOGETHER) {
        throw new FileFailure(
            "read",
            place + ":" + stream.name(),
            "an alternate data stream of more than %d MiB; to keep it, copy the disk of the volume"
                .formatted(LARGEST >> 20),
            null);
      }
      ByteString name = name(place, stream);
      content(place, stream).ifPresent(content -> list.add(new Xattr(name, content)));
    }
  }

  /** Empty if it was removed meanwhile; the file is there nevertheless, and has its list. */
  private Optional<ByteString> content(FilePlace place, Stream stream) throws Win32Exception {
    try {
      return Optional.of(ByteString.of(windows.streams().read(place, stream)));
    } catch (Win32Exception e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** With another name, no reader would take the archive, or two streams would have one name. */
  private static ByteString name(FilePlace place, Stream stream) {
    ByteString name = ByteString.utf8(STREAM + stream.name());
    if (name.length() > LONGEST_NAME || !UTF_8.newEncoder().canEncode(stream.name())) {
      throw new FileFailure(
          "read",
          place + ":" + stream.name(),
          "an alternate data stream with a name that no archive holds; to keep it, copy the disk of"
              + " the volume",
          null);
    }
    return name;
  }

  /** Why the stream that an attribute stands for cannot be written; empty if it was. */
  Optional<String> writeStream(TreePath path, Xattr xattr) {
    FilePlace place = place(path);
    try {
      String name = xattr.name().utf8().substring(STREAM.length());
      if (name.isEmpty() || name.chars().anyMatch(FileExtras::isRefused)) {
        return Optional.of("Windows allows no alternate data stream of this name");
      }
      windows.streams().write(place, name, xattr.value().toArray());
      return Optional.empty();
    } catch (CharacterCodingException _) {
      return Optional.of("its name is no UTF-8");
    } catch (Win32Exception e) {
      if (e.code() == Win32Error.DISK_FULL) {
        throw failure("write", place + ":" + xattr.name(), e);
      }
      return Optional.of(Win32Error.message(e.code()));
    }
  }

  // A name with one of these would lead to another file.
  private static boolean isRefused(int c) {
    return c < ' ' || c == ':' || c == '\\' || c == '/';
  }

  /** What could not be kept of the owner and the list, and why; empty if all is. */
  Optional<Loss> restore(TreePath path, ByteString descriptor) {
    FilePlace place = place(path);
    String name = Xattrs.WINDOWS_DESCRIPTOR.toString();
    if (!lists) {
      return Optional.of(new Loss(name, "its file system has no access control lists"));
    }
    try {
      String text = descriptor.utf8();
      try {
        windows.security().restore(place, text);
        return Optional.empty();
      } catch (Win32Exception e) {
        if (!isNoOwner(e)) {
          throw e;
        }
        windows.security().restoreAccess(place, text);
        return Optional.of(new Loss("owner", Win32Error.message(e.code())));
      }
    } catch (CharacterCodingException _) {
      return Optional.of(new Loss(name, "no UTF-8"));
    } catch (Win32Exception e) {
      return Optional.of(new Loss(name, Win32Error.message(e.code())));
    }
  }

  private static boolean isNoOwner(Win32Exception e) {
    return switch (e.code()) {
      case Win32Error.PRIVILEGE_NOT_HELD, Win32Error.INVALID_OWNER, Win32Error.ACCESS_DENIED ->
          true;
      default -> false;
    };
  }

  /** A part of a file that could not be kept, and why. */
  record Loss(String what, String why) {}
}
