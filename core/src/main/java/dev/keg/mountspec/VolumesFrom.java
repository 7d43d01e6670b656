package dev.keg.mountspec;

/** The mounts of another container, all of them, as {@code --volumes-from ID[:MODE]} asks. */
public record VolumesFrom(String id, String mode) {
  public boolean readOnly() {
    return mode.equals("ro")
        || mode.startsWith("ro,")
        || mode.endsWith(",ro")
        || mode.contains(",ro,");
  }
}
