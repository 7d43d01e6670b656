package dev.keg.driver;

/** What a system supports for a mount at a target, whichever driver the volume has. */
public enum MountPower {
  PROPAGATION("propagation"),
  READ_ONLY("read-only");

  private final String text;

  MountPower(String text) {
    this.text = text;
  }

  /** Its name in {@code keg drivers}. */
  String text() {
    return text;
  }
}
