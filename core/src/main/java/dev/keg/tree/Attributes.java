package dev.keg.tree;

import dev.keg.volume.Ownership;
import java.time.Instant;

/**
 * The attributes of every kind of file: permission bits with setuid, setgid and sticky, the numeric
 * owner and group, the modification time to the nanosecond, and the extended attributes, including
 * POSIX ACLs and capabilities.
 */
public record Attributes(int mode, long uid, long gid, Instant modified, Xattrs xattrs) {

  public Attributes {
    if ((mode & ~07777) != 0) {
      throw new IllegalArgumentException("mode bits %o".formatted(mode));
    }
    if (uid < 0 || uid > Ownership.MAX_ID) {
      throw new IllegalArgumentException("the user id " + uid);
    }
    if (gid < 0 || gid > Ownership.MAX_ID) {
      throw new IllegalArgumentException("the group id " + gid);
    }
  }

  public Attributes withMode(int newMode) {
    return new Attributes(newMode, uid, gid, modified, xattrs);
  }

  public Attributes withOwner(long newUid, long newGid) {
    return new Attributes(mode, newUid, newGid, modified, xattrs);
  }

  public Attributes withXattrs(Xattrs newXattrs) {
    return new Attributes(mode, uid, gid, modified, newXattrs);
  }
}
