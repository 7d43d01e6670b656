package dev.keg.driver;

import java.util.List;

/**
 * One option of a driver: for {@code keg drivers}, completion and error messages.
 *
 * @param value what follows the equals sign: {@code SIZE}, {@code ext4|xfs}
 * @param secret whether the value is masked wherever it is shown
 * @param reach what the value names outside of the volume; an archive of unknown origin must not
 *     choose it
 * @param mayBeEmpty whether a new volume may have the option without a value
 */
public record OptionDescriptor(
    String key, String value, String summary, boolean secret, Reach reach, boolean mayBeEmpty) {
  /** What the value of an option names. */
  public enum Reach {
    /** Nothing outside of the volume. */
    VOLUME,
    /** A file or a volume of the host that the driver reads, such as a key or a template. */
    HOST,
    /** The place of the data: a directory or a device of the host, or a server. */
    DATA,
    /**
     * Words that the driver hands on, or a server that may choose files of the host: they may name
     * the place of the data or anything else.
     */
    ANYTHING;

    /** Whether the value may say where the data is. */
    public boolean mayBePlace() {
      return this == DATA || this == ANYTHING;
    }
  }

  public OptionDescriptor(String key, String value, String summary, boolean secret) {
    this(key, value, summary, secret, Reach.VOLUME, value.startsWith("true"));
  }

  public OptionDescriptor(String key, String value, String summary) {
    this(key, value, summary, false);
  }

  private static final String ANY = "*";

  /** Stands for all options that a driver hands on without knowing them. */
  public static OptionDescriptor any(String summary) {
    return new OptionDescriptor(ANY, "VALUE", summary).reaching(Reach.ANYTHING).allowingEmpty();
  }

  /** Whether it describes the option with this key. */
  public boolean describes(String name) {
    return isAny() || key.equals(name);
  }

  /** Whether it stands for options that the driver does not know. */
  public boolean isAny() {
    return key.equals(ANY);
  }

  /** The same option with a value that names something outside of the volume. */
  public OptionDescriptor reaching(Reach what) {
    return new OptionDescriptor(key, value, summary, secret, what, mayBeEmpty);
  }

  /** The same option, also without a value: docker accepts some of its options so. */
  public OptionDescriptor allowingEmpty() {
    return new OptionDescriptor(key, value, summary, secret, reach, true);
  }

  /** The possible values, if the option is a choice between words. */
  public List<String> choices() {
    return value.contains("|") ? List.of(value.split("\\|")) : List.of();
  }
}
