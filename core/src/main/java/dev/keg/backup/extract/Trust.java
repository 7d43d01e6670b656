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
 * How far an archive is believed. Devices and programs that run with another's rights mean power
 * over the host: who packed an archive elsewhere must not get it by a restore that root runs.
 */
public record Trust(boolean devices, boolean privileges) {
  /** For Keg's own backups. */
  public static final Trust OWN = new Trust(true, true);

  /** For archives of others, unless the operator says otherwise. */
  public static final Trust FOREIGN = new Trust(false, false);

  private static final ByteString USER = ByteString.utf8("user.");
  private static final int SETUID_SETGID = 06000;

  /** The part of the entry that is accepted; what is left out is reported. */
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

  /** Capabilities, labels, and what overlayfs believes. ACLs are no more than modes. */
  private static boolean givesPower(Xattr xattr) {
    return !xattr.name().startsWith(USER)
        && !xattr.name().equals(Xattrs.ACCESS_ACL)
        && !xattr.name().equals(Xattrs.DEFAULT_ACL);
  }
}
