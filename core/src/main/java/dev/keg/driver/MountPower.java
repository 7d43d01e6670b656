package dev.keg.driver;

/** What a system supports for a mount at a target, whichever driver the volume has. */
public enum MountPower {
  PROPAGATION("propagation"),
  READ_ONLY("read-only");

  private final String word;

  MountPower(String word) {
    this.word = word;
  }

  /** Its name in {@code keg drivers}. */
  String word() {
    return word;
  }
}
