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
 * Gives a file its attributes in the one order that works. The owner comes first, since chown(2)
 * takes setuid bits and capabilities away. Attributes of users come before the mode, which may
 * forbid to write them, all others after it: an ACL sets the mode anew, and capabilities must be
 * last. The time comes at the end.
 */
final class AttributeSetter {
  private static final ByteString USER = ByteString.utf8("user.");
  private static final int SETUID_SETGID = 06000;

  private final TreePath path;
  private final Losses losses;

  AttributeSetter(TreePath path, Losses losses) {
    this.path = path;
    this.losses = losses;
  }

  void set(AttributeTarget target, Attributes attributes) throws ErrnoException {
    int mode = attributes.mode();
    if (!owner(target, attributes)) {
      // The bits would lend the rights of whoever restores it.
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
      lose("owner " + attributes.uid() + ":" + attributes.gid(), e);
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
          lose(xattr.name().toString(), e);
        }
      }
    }
  }

  /** What the rights of the process or the file system do not allow is told; the rest fails. */
  private void lose(String what, ErrnoException e) throws ErrnoException {
    switch (e.errno()) {
      case Errno.EPERM, Errno.EACCES, Errno.EOPNOTSUPP, Errno.EINVAL ->
          losses.lost(path, what, e.reason());
      default -> throw e;
    }
  }
}
