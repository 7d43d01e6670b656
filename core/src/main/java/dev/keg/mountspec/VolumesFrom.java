package dev.keg.mountspec;

/** All mounts of another container: {@code --volumes-from ID[:MODE]}. */
public record VolumesFrom(String id, String mode) {
  public boolean readOnly() {
    return mode.equals("ro")
        || mode.startsWith("ro,")
        || mode.endsWith(",ro")
        || mode.contains(",ro,");
  }
}
