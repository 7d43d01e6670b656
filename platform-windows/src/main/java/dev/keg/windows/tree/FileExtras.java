package dev.keg.windows.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.file.DescriptorText;
import dev.keg.windows.win32.file.FileDescriptors;
import dev.keg.windows.win32.file.FileDescriptors.Parts;
import dev.keg.windows.win32.file.FilePlace;
import dev.keg.windows.win32.file.FileStreams;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a tree's files on Windows that java.nio does not support: access control lists
 * and streams.
 */
final class FileExtras {
  private final FileDescriptors descriptors;
  private final TreeStreams streams;
  private final boolean lists;
  private final boolean audits;

  private FileExtras(Dlls dlls, Path root, boolean lists, boolean audits) {
    this.descriptors = new FileDescriptors(dlls);
    this.streams = new TreeStreams(new FileStreams(dlls), root);
    this.lists = lists;
    this.audits = audits;
  }

  static FileExtras toRead(Dlls dlls, Path root) {
    return of(dlls, root, "read", FileDescriptors::enableReadingAll);
  }

  static FileExtras toWrite(Dlls dlls, Path root) {
    return of(dlls, root, "write", FileDescriptors::enableWritingAll);
  }

  private interface Call {
    void on(FileDescriptors descriptors) throws Win32Exception;
  }

  private static FileExtras of(Dlls dlls, Path root, String operation, Call enable) {
    try {
      FileDescriptors descriptors = new FileDescriptors(dlls);
      enable.on(descriptors);
      boolean lists = descriptors.areKept(root);
      return new FileExtras(dlls, root, lists, lists && descriptors.enableAudits(root));
    } catch (Win32Exception e) {
      throw failure(operation, root.toString(), e);
    }
  }

  static FileFailure failure(String operation, String path, Win32Exception e) {
    return new FileFailure(operation, path, e.what(), e);
  }

  /** What is not read of the files, with the reason; empty if everything is. */
  Optional<String> withheld() {
    return lists && !audits
        ? Optional.of(
            "the audit lists are not saved, because this account does not hold SeSecurityPrivilege;"
                + " run keg as administrator")
        : Optional.empty();
  }

  TreeStreams streams() {
    return streams;
  }

  /** With the time of the last change to any part of it; empty if the file is gone. */
  Optional<Stat> changed(TreePath path, Stat stat) {
    FilePlace place = streams.place(path);
    try {
      return Optional.of(stat.withChanged(streams.changed(place)));
    } catch (Win32Exception e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw failure("read", place.toString(), e);
    }
  }

  static boolean isGone(Win32Exception e) {
    return e.code() == Win32Error.FILE_NOT_FOUND || e.code() == Win32Error.PATH_NOT_FOUND;
  }

  /** Its descriptor and its small streams; none if the file is gone. A link has no streams. */
  Xattrs read(TreePath path, Stat.Type type, TreeStreams.StreamQuery query) {
    FilePlace place = streams.place(path);
    List<Xattr> list = new ArrayList<>();
    try {
      if (lists) {
        String text = descriptors.read(place, audits ? Parts.ALL : Parts.ALL_BUT_AUDITS);
        list.add(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, ByteString.utf8(text)));
      }
      if (type != Stat.Type.SYMLINK) {
        boolean directory = type == Stat.Type.DIRECTORY;
        list.addAll(streams.small(place, directory ? ByteString.EMPTY : path.name(), query.run()));
      }
    } catch (Win32Exception e) {
      if (isGone(e)) {
        return Xattrs.NONE;
      }
      throw failure("read", place.toString(), e);
    }
    return Xattrs.of(list);
  }

  /** Sets the owner and the lists; returns what could not be set, with the reasons. */
  List<Loss> restore(TreePath path, ByteString descriptor) {
    FilePlace place = streams.place(path);
    String name = Xattrs.WINDOWS_DESCRIPTOR.toString();
    if (!lists) {
      return List.of(new Loss(name, "its file system has no access control lists"));
    }
    List<Loss> losses = new ArrayList<>();
    try {
      DescriptorText text = new DescriptorText(descriptor.utf8());
      boolean audited = audits && text.audits();
      if (text.audits() && !audits) {
        losses.add(new Loss("the audit list", "SeSecurityPrivilege is not held"));
      }
      try {
        descriptors.set(place, text, audited ? Parts.ALL : Parts.ALL_BUT_AUDITS);
      } catch (Win32Exception e) {
        if (!isNoOwner(e)) {
          throw e;
        }
        descriptors.set(place, text, audited ? Parts.LISTS : Parts.ACCESS);
        losses.add(new Loss("owner", Win32Error.message(e.code())));
      }
    } catch (CharacterCodingException _) {
      losses.add(new Loss(name, "no UTF-8"));
    } catch (Win32Exception e) {
      losses.add(new Loss(name, Win32Error.message(e.code())));
    }
    return losses;
  }

  private static boolean isNoOwner(Win32Exception e) {
    return switch (e.code()) {
      case Win32Error.PRIVILEGE_NOT_HELD, Win32Error.INVALID_OWNER, Win32Error.ACCESS_DENIED ->
          true;
      default -> false;
    };
  }

  /** A part of a file that could not be preserved, and why. */
  record Loss(String what, String why) {}
}
