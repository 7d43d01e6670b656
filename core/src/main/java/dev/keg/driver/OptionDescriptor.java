package dev.keg.driver;

import java.util.List;

/**
 * One option of a driver: for {@code keg drivers}, completion and error messages.
 *
 * @param value what follows the equals sign: {@code SIZE}, {@code ext4|xfs}
 * @param secret whether the value is masked wherever it is shown
 * @param reach what the value refers to outside of the volume; an untrusted archive must not choose
 *     it
 * @param mayBeEmpty whether a new volume may have the option without a value
 */
public record OptionDescriptor(
    String key, String value, String summary, boolean secret, Reach reach, boolean mayBeEmpty) {
  /** What the value of an option refers to. */
  public enum Reach {
    /** Nothing outside of the volume. */
    VOLUME,
    /** A file or a volume of the host that the driver reads, such as a key or a template. */
    HOST,
    /** The location of the data: a directory or a device of the host, or a server. */
    DATA,
    /**
     * Options that the driver passes on, or a server that may choose files of the host: they may
     * refer to the location of the data or anything else.
     */
    ANYTHING;

    /** Whether the value may refer to the location of the data. */
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

  /** Stands for all options that a driver passes on without knowing them. */
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

  /** The same option with a value that refers to something outside of the volume. */
  public OptionDescriptor reaching(Reach what) {
    return new OptionDescriptor(key, value, summary, secret, what, mayBeEmpty);
  }

  /** The same option, but also without a value, as docker accepts some of its options. */
  public OptionDescriptor allowingEmpty() {
    return new OptionDescriptor(key, value, summary, secret, reach, true);
  }

  /** The possible values, if the option is a choice between words. */
  public List<String> choices() {
    return value.contains("|") ? List.of(value.split("\\|")) : List.of();
  }
}
