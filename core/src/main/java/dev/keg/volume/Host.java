package dev.keg.volume;

/**
 * The host that created a volume, or that first changed one of an older version.
 *
 * @param id unique to each machine, like machine-id(5)
 */
public record Host(String id, String name) {
  /** For a volume that an older version created and nobody has changed since. */
  public static final Host UNKNOWN = new Host("", "");

  /** Whether a text is its name or id. */
  public boolean isCalled(String text) {
    return name.equals(text) || id.equals(text);
  }

  public boolean isKnown() {
    return !id.isEmpty() || !name.isEmpty();
  }
}
