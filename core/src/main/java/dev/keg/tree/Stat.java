package dev.keg.tree;

import dev.keg.tree.FileKind.Device;
import java.time.Instant;

/**
 * What a file system reports about a file, without following it. {@code changed} is when its inode
 * last changed; with {@code device} and {@code inode}, it tells whether a file is still the same.
 * File systems without these report constants. A sparse file takes less space than its size, so it
 * may have holes. A mount point is a directory on which something else is mounted. A flagged file
 * has flags of {@code chattr(1)}, which nothing keeps.
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
    boolean mountPoint,
    boolean flagged) {

  /** The types of files. */
  public enum Type {
    DIRECTORY,
    REGULAR,
    SYMLINK,
    FIFO,
    CHARACTER,
    BLOCK,
    SOCKET
  }

  /** Whether the other is of the same file, if both exist. */
  public boolean isSameFile(Stat other) {
    return device == other.device && inode == other.inode;
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
        mountPoint,
        flagged);
  }

  public Device toDevice() {
    return new Device(type == Type.BLOCK, major, minor);
  }

  /** Whether it is the same file, unchanged between the two calls. */
  public boolean isUnchangedSince(Stat before) {
    return type == before.type
        && device == before.device
        && inode == before.inode
        && size == before.size
        && modified.equals(before.modified)
        && changed.equals(before.changed);
  }
}
