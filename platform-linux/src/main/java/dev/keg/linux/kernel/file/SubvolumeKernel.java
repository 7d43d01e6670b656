package dev.keg.linux.kernel.file;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Uapi;
import dev.keg.linux.kernel.Uapi.BtrfsVolArgs;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Creates, copies and deletes subvolumes of btrfs by the descriptor of their directory and one
 * name; see ioctl_btrfs(2). Not thread-safe.
 */
public final class SubvolumeKernel extends FileKernel {
  private static final ThreadLocal<SubvolumeKernel> OF_THREAD =
      ThreadLocal.withInitial(SubvolumeKernel::new);

  private static final ByteString DEFAULT_ACL = ByteString.utf8("system.posix_acl_default");
  private static final Set<ByteString> INHERITED_ATTRIBUTES =
      Set.of(ByteString.utf8("security.selinux"), ByteString.utf8("btrfs.compression"));
  private static final int INHERITED = Uapi.FS_COMPR_FL | Uapi.FS_NOCOMP_FL | Uapi.FS_NOCOW_FL;

  private final FileMemory arguments = new FileMemory(BtrfsVolArgs.SIZE);

  /** The instance of the calling thread. */
  public static SubvolumeKernel ofThread() {
    return OF_THREAD.get();
  }

  /** Whether an open directory is the root of a subvolume. */
  public boolean isSubvolume(int directory) throws ErrnoException {
    return isBtrfs(directory) && stat(directory).inode() == Uapi.BTRFS_FIRST_FREE_OBJECTID;
  }

  /** The number of the subvolume that contains an open directory. */
  public long number(int directory) throws ErrnoException {
    ByteBuffer lookup = cleared();
    lookup.putLong(BtrfsVolArgs.LOOKUP_OBJECTID, Uapi.BTRFS_FIRST_FREE_OBJECTID);
    call("BTRFS_IOC_INO_LOOKUP", Uapi.BTRFS_IOC_INO_LOOKUP, directory, directory);
    return lookup.getLong(0);
  }

  /** Whether the subvolume of an open directory may contain others. */
  public boolean hasNested(int directory) throws ErrnoException {
    ByteBuffer found = cleared();
    try {
      call("BTRFS_IOC_GET_SUBVOL_ROOTREF", Uapi.BTRFS_IOC_GET_SUBVOL_ROOTREF, directory, directory);
    } catch (ErrnoException e) {
      // There are more than fit the answer, or Linux is older than 4.18 and cannot tell.
      if (e.errno() == Errno.EOVERFLOW || e.errno() == Errno.ENOTTY) {
        return true;
      }
      throw e;
    }
    return found.get(BtrfsVolArgs.ROOTREF_NUM_ITEMS) != 0;
  }

  public void make(int directory, ByteString subvolume) throws ErrnoException {
    subvolume.putInto(cleared().position(BtrfsVolArgs.NAME));
    call("BTRFS_IOC_SUBVOL_CREATE", Uapi.BTRFS_IOC_SUBVOL_CREATE, directory, subvolume);
  }

  /**
   * Sets the properties that a directory inherits from its parent, which the kernel omits for
   * subvolumes. Returns false if the parent has a default ACL.
   */
  public boolean inherit(int directory, int subvolume) throws ErrnoException {
    List<ByteString> attributes = new ArrayList<>(xattrNames(directory));
    if (attributes.contains(DEFAULT_ACL)) {
      return false;
    }
    int flags = flags(directory) & INHERITED;
    if (flags != 0) {
      cleared().putInt(0, flags | flags(subvolume));
      call("FS_IOC_SETFLAGS", Uapi.FS_IOC_SETFLAGS, subvolume, subvolume);
    }
    attributes.retainAll(INHERITED_ATTRIBUTES);
    for (ByteString attribute : attributes) {
      Optional<ByteString> content = xattr(directory, attribute);
      if (content.isPresent()) {
        FileMaker.ofThread().putXattr(subvolume, attribute, content.get());
      }
    }
    return true;
  }

  private int flags(int directory) throws ErrnoException {
    ByteBuffer flags = cleared();
    call("FS_IOC_GETFLAGS", Uapi.FS_IOC_GETFLAGS, directory, directory);
    return flags.getInt(0);
  }

  /** Copies the subvolume of an open directory as it is at this moment. */
  public void copy(int from, int directory, ByteString subvolume, boolean readOnly)
      throws ErrnoException {
    ByteBuffer snapshot = cleared();
    snapshot.putLong(0, from);
    snapshot.putLong(BtrfsVolArgs.V2_FLAGS, readOnly ? Uapi.BTRFS_SUBVOL_RDONLY : 0);
    subvolume.putInto(snapshot.position(BtrfsVolArgs.V2_NAME));
    call("BTRFS_IOC_SNAP_CREATE", Uapi.BTRFS_IOC_SNAP_CREATE_V2, directory, subvolume);
  }

  public void delete(int directory, ByteString subvolume) throws ErrnoException {
    subvolume.putInto(cleared().position(BtrfsVolArgs.NAME));
    call("BTRFS_IOC_SNAP_DESTROY", Uapi.BTRFS_IOC_SNAP_DESTROY, directory, subvolume);
  }

  /** Makes a subvolume writable for its owner; returns false if it was not read-only. */
  public boolean makeWritable(int subvolume) throws ErrnoException {
    ByteBuffer flags = cleared();
    call("BTRFS_IOC_SUBVOL_GETFLAGS", Uapi.BTRFS_IOC_SUBVOL_GETFLAGS, subvolume, subvolume);
    long set = flags.getLong(0);
    if ((set & Uapi.BTRFS_SUBVOL_RDONLY) == 0) {
      return false;
    }
    flags.putLong(0, set & ~Uapi.BTRFS_SUBVOL_RDONLY);
    call("BTRFS_IOC_SUBVOL_SETFLAGS", Uapi.BTRFS_IOC_SUBVOL_SETFLAGS, subvolume, subvolume);
    return true;
  }

  private ByteBuffer cleared() {
    return arguments.bytes.clear().put(new byte[BtrfsVolArgs.SIZE]).clear();
  }

  private void call(String call, long request, int directory, Object target) throws ErrnoException {
    check("ioctl " + call, target, FileCalls.ioctl(directory, request, arguments.address));
  }
}
