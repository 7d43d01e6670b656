package dev.keg.linux.tree;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Losses;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.util.function.Predicate;

/**
 * Sets the attributes of a file in the only order that works. The owner comes first, since chown(2)
 * clears setuid bits and capabilities. User attributes come before the mode, which may forbid
 * writing them. All others come after it: an ACL changes the mode, and capabilities must be last.
 * The time comes last of all.
 */
final class AttributeSetter {
  private static final ByteString USER = ByteString.utf8("user.");
  private static final int SETUID_SETGID = 06000;

  /**
   * The space for all attributes of a file on a small ext4 disk; on a large one it is 4096 bytes.
   */
  private static final int EXT4_BLOCK = 1024;

  /** The overhead of each attribute in the block, and of the kernel's own header. */
  private static final int EXT4_ENTRY = 20;

  private static final int EXT4_OWN = 128;

  private final TreePath path;
  private final Losses losses;

  AttributeSetter(TreePath path, Losses losses) {
    this.path = path;
    this.losses = losses;
  }

  void set(AttributeTarget target, Attributes attributes) throws ErrnoException {
    int mode = attributes.mode();
    if (!owner(target, attributes)) {
      // The bits would grant the rights of the user who restores the file.
      mode &= ~SETUID_SETGID;
    }
    Xattrs xattrs = attributes.xattrs();
    if (!xattrs.isEmpty()) {
      xattrs(target, xattrs, name -> name.startsWith(USER));
    }
    target.mode(mode);
    if (!xattrs.isEmpty()) {
      xattrs(target, xattrs, name -> !name.startsWith(USER) && !isCapability(name));
      xattrs(target, xattrs, AttributeSetter::isCapability);
    }
    target.modified(attributes.modified());
  }

  private static boolean isCapability(ByteString name) {
    return name.equals(Xattrs.CAPABILITY);
  }

  private boolean owner(AttributeTarget target, Attributes attributes) throws ErrnoException {
    try {
      target.owner(attributes.uid(), attributes.gid());
      return true;
    } catch (ErrnoException e) {
      lose("owner " + attributes.uid() + ":" + attributes.gid(), e, false);
      return false;
    }
  }

  private void xattrs(AttributeTarget target, Xattrs xattrs, Predicate<ByteString> which)
      throws ErrnoException {
    for (Xattr xattr : xattrs.list()) {
      if (which.test(xattr.name())) {
        try {
          target.xattr(xattr.name(), xattr.value());
        } catch (ErrnoException e) {
          lose(xattr.name().toString(), e, isTooMuch(xattrs, e));
        }
      }
    }
  }

  /**
   * Whether the attributes are too large, one alone or all together, as alternate data streams of
   * Windows can be. Ext4 then reports the same error as for a full disk.
   */
  static boolean isTooMuch(Xattrs xattrs, ErrnoException e) {
    return e.errno() == Errno.E2BIG || (e.errno() == Errno.ENOSPC && room(xattrs) > EXT4_BLOCK);
  }

  private static long room(Xattrs xattrs) {
    return xattrs.list().stream()
            .mapToLong(xattr -> EXT4_ENTRY + xattr.name().length() + xattr.value().length())
            .sum()
        + EXT4_OWN;
  }

  /**
   * Attributes that the privileges or the file system do not allow are reported as losses; other
   * errors are failures.
   */
  private void lose(String what, ErrnoException e, boolean tooMuch) throws ErrnoException {
    if (tooMuch) {
      losses.lost(path, what, "more than the file system's limit for attributes");
      return;
    }
    switch (e.errno()) {
      case Errno.EPERM, Errno.EACCES, Errno.EOPNOTSUPP, Errno.EINVAL ->
          losses.lost(path, what, e.reason());
      default -> throw e;
    }
  }
}
