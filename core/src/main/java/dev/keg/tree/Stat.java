package dev.keg.tree;

import dev.keg.tree.FileKind.Device;
import java.time.Instant;

/**
 * What a file system says of a file, without following it. {@code changed} is when its inode last
 * changed, and with {@code device} and {@code inode} tells whether a file is still the one it was;
 * where a file system has none of these they are constant. A sparse file takes less room than its
 * size, so it may have holes. A mount point is a directory on which something else is mounted.
 */
public record Stat(
    Type type,
    int mode,
    long uid,
    long gid,
    long size,
    Instant modified,
    Instant changed,
    long device,
    long inode,
    long links,
    int major,
    int minor,
    boolean sparse,
    boolean mountPoint) {

  /** The types of files there are. */
  public enum Type {
    DIRECTORY,
    REGULAR,
    SYMLINK,
    FIFO,
    CHARACTER,
    BLOCK,
    SOCKET
  }

  public Attributes attributes(Xattrs xattrs) {
    return new Attributes(mode, uid, gid, modified, xattrs);
  }

  public Stat withChanged(Instant newChanged) {
    return new Stat(
        type,
        mode,
        uid,
        gid,
        size,
        modified,
        newChanged,
        device,
        inode,
        links,
        major,
        minor,
        sparse,
        mountPoint);
  }

  public Device toDevice() {
    return new Device(type == Type.BLOCK, major, minor);
  }

  /** Whether it is the same file, and nobody wrote to it between the two looks. */
  public boolean isUnchangedSince(Stat before) {
    return type == before.type
        && device == before.device
        && inode == before.inode
        && size == before.size
        && modified.equals(before.modified)
        && changed.equals(before.changed);
  }
}
