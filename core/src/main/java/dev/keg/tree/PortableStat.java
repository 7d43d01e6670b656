package dev.keg.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/** What java.nio reports about a file: everything in stat(2) on Unix, little elsewhere. */
public final class PortableStat {
  // The JDK returns 32-bit owners as int.
  private static final long UNSIGNED = 0xFFFF_FFFFL;

  // Never "unix:*": that would also look up the names of owner and group.
  private static final String UNIX =
      "unix:mode,uid,gid,ino,dev,nlink,rdev,size,lastModifiedTime,ctime,isDirectory,isSymbolicLink";
  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;

  private PortableStat() {}

  static Stat of(Path path) throws IOException {
    return isUnix(path)
        ? unix(Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS))
        : basic(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * On Windows, the directory of a tree may have a volume mounted on it, which looks like a
   * junction.
   */
  static Stat ofRoot(Path path) throws IOException {
    return isUnix(path) ? of(path) : basic(Files.readAttributes(path, BasicFileAttributes.class));
  }

  private static boolean isUnix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** A Windows link to a directory, which is both "directory" and "other". */
  static boolean isJunction(BasicFileAttributes attributes) {
    return attributes.isDirectory() && attributes.isOther();
  }

  /** For an open file without a name: different from any other, with a negative size. */
  public static Stat gone() {
    return new Stat(
        Stat.Type.REGULAR,
        0,
        0,
        0,
        -1,
        Instant.EPOCH,
        Instant.EPOCH,
        -1,
        -1,
        0,
        0,
        0,
        false,
        false,
        false);
  }

  private static Stat unix(Map<String, Object> all) {
    int mode = (int) number(all, "mode");
    long device = number(all, "rdev");
    return new Stat(
        type(mode, all),
        mode & 07777,
        number(all, "uid") & UNSIGNED,
        number(all, "gid") & UNSIGNED,
        number(all, "size"),
        time(all, "lastModifiedTime"),
        time(all, "ctime"),
        number(all, "dev"),
        number(all, "ino"),
        number(all, "nlink"),
        (int) ((device >> 8) & 0xFFF),
        (int) ((device & 0xFF) | ((device >> 12) & 0xFFF00)),
        false,
        false,
        false);
  }

  private static long number(Map<String, Object> all, String name) {
    return all.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static Instant time(Map<String, Object> all, String name) {
    return all.get(name) instanceof FileTime time ? time.toInstant() : Instant.EPOCH;
  }

  /** The type bits of st_mode, inode(7). A file system in memory reports the mode without them. */
  private static Stat.Type type(int mode, Map<String, Object> all) {
    return switch (mode & 0170000) {
      case 0040000 -> Stat.Type.DIRECTORY;
      case 0120000 -> Stat.Type.SYMLINK;
      case 0010000 -> Stat.Type.FIFO;
      case 0020000 -> Stat.Type.CHARACTER;
      case 0060000 -> Stat.Type.BLOCK;
      case 0140000 -> Stat.Type.SOCKET;
      case 0100000 -> Stat.Type.REGULAR;
      default ->
          type(
              Boolean.TRUE.equals(all.get("isDirectory")),
              Boolean.TRUE.equals(all.get("isSymbolicLink")));
    };
  }

  private static Stat.Type type(boolean directory, boolean link) {
    return directory ? Stat.Type.DIRECTORY : link ? Stat.Type.SYMLINK : Stat.Type.REGULAR;
  }

  private static Stat basic(BasicFileAttributes all) {
    return new Stat(
        isJunction(all) ? Stat.Type.SYMLINK : type(all.isDirectory(), all.isSymbolicLink()),
        all.isDirectory() ? DIRECTORY_MODE : FILE_MODE,
        0,
        0,
        all.size(),
        all.lastModifiedTime().toInstant(),
        all.creationTime().toInstant(),
        0,
        0,
        1,
        0,
        0,
        false,
        false,
        false);
  }
}
