package dev.keg.driver;

/** What a system can do for a mount at a target, whichever driver the volume has. */
public enum MountPower {
  PROPAGATION("propagation"),
  READ_ONLY("read-only");

  private final String word;

  MountPower(String word) {
    this.word = word;
  }

  /** What {@code keg drivers} calls it. */
  String word() {
    return word;
  }
}
