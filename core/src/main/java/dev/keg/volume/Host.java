package dev.keg.volume;

/**
 * The host that made a volume, or that first changed one of an older version.
 *
 * @param id different on each machine, as machine-id(5)
 */
public record Host(String id, String name) {
  /** Of a volume that an older version made and nobody has changed since. */
  public static final Host UNKNOWN = new Host("", "");

  /** Whether a text names it, by its name or its id. */
  public boolean isCalled(String text) {
    return name.equals(text) || id.equals(text);
  }

  public boolean isKnown() {
    return !id.isEmpty() || !name.isEmpty();
  }
}
