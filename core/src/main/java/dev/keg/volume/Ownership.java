package dev.keg.volume;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** The owner and mode of a new volume's data directory; absent ones are left to the system. */
public record Ownership(OptionalLong uid, OptionalLong gid, OptionalInt mode) {
  public static final Ownership DEFAULT =
      new Ownership(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty());

  /** The largest id of a user or group: an id with all bits set means nobody. */
  public static final long MAX_ID = 0xFFFF_FFFEL;

  public Ownership {
    uid.ifPresent(id -> check("uid", id, MAX_ID));
    gid.ifPresent(id -> check("gid", id, MAX_ID));
    mode.ifPresent(bits -> check("mode", bits, 07777));
  }

  private static void check(String what, long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(what + " must be between 0 and " + max);
    }
  }
}
