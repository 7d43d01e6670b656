package dev.keg.backup.extract;

import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.util.Optional;

/**
 * How far an archive is trusted. Devices and set-user-ID programs give power over the host, which
 * the author of a foreign archive must not gain when root restores it.
 */
public record Trust(boolean devices, boolean privileges) {
  /** For Keg's own backups. */
  public static final Trust OWN = new Trust(true, true);

  /** For foreign archives, unless the operator decides otherwise. */
  public static final Trust FOREIGN = new Trust(false, false);

  private static final ByteString USER = ByteString.utf8("user.");
  private static final int SETUID_SETGID = 06000;

  /** The accepted part of the entry; anything left out is reported. */
  Optional<Entry> admit(Entry entry, TreeListener listener) {
    if (entry.kind() instanceof Device && !devices) {
      listener.note(entry.path(), Note.LEFT_OUT, "a device");
      return Optional.empty();
    }
    return Optional.of(privileges ? entry : withoutPrivileges(entry, listener));
  }

  private static Entry withoutPrivileges(Entry entry, TreeListener listener) {
    Attributes attributes = entry.attributes();
    if (entry.kind() instanceof RegularFile && (attributes.mode() & SETUID_SETGID) != 0) {
      listener.note(entry.path(), Note.LEFT_OUT, "setuid and setgid bits");
      attributes = attributes.withMode(attributes.mode() & ~SETUID_SETGID);
    }
    Xattrs kept = attributes.xattrs().without(Trust::givesPower);
    if (!kept.equals(attributes.xattrs())) {
      listener.note(entry.path(), Note.LEFT_OUT, "security and trusted attributes");
      attributes = attributes.withXattrs(kept);
    }
    return entry.withAttributes(attributes);
  }

  /**
   * Whether an attribute grants power: capabilities, labels, and what overlayfs trusts. ACLs grant
   * no more than modes.
   */
  private static boolean givesPower(Xattr xattr) {
    return !xattr.name().startsWith(USER)
        && !xattr.name().equals(Xattrs.ACCESS_ACL)
        && !xattr.name().equals(Xattrs.DEFAULT_ACL);
  }
}
