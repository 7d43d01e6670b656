package dev.keg.error;

import org.jspecify.annotations.Nullable;

/** Text from the operator that means nothing: a name, a size, a filter, a specification. */
public abstract sealed class InvalidInput extends VolumeException {
  private InvalidInput(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }

  private InvalidInput(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  private InvalidInput(String message) {
    this(message, null, null);
  }

  /** The name cannot be a volume's name. */
  public static final class InvalidName extends InvalidInput {
    public InvalidName(String name, String why) {
      super("create " + name + ": " + why);
    }
  }

  /** No name at all where a volume must be named. */
  public static final class EmptyName extends InvalidInput {
    public EmptyName() {
      super("invalid volume name or ID: value is empty");
    }
  }

  /** A label that is empty or has white space in its key. */
  public static final class InvalidLabel extends InvalidInput {
    public InvalidLabel(String why) {
      super(why);
    }
  }

  /** Text that is no size. */
  public static final class InvalidSize extends InvalidInput {
    public InvalidSize(String why) {
      super(why);
    }
  }

  /** Text that describes no mount. */
  public static final class InvalidSpec extends InvalidInput {
    public InvalidSpec(String why) {
      super(why);
    }

    public InvalidSpec(String why, @Nullable String hint) {
      super(why, hint);
    }

    /** The same, said of the text that it was found in. */
    public InvalidSpec within(String context) {
      return new InvalidSpec(context + ": " + getMessage(), hint().orElse(null));
    }
  }

  /** A filter that is unknown here or has an impossible value. */
  public static final class InvalidFilter extends InvalidInput {
    public InvalidFilter(String why, @Nullable String hint) {
      super(why, hint);
    }
  }

  /** The driver does not take these options. */
  public static final class InvalidOption extends InvalidInput {
    public InvalidOption(String volume, String why) {
      this(volume, why, null);
    }

    public InvalidOption(String volume, String why, @Nullable String hint) {
      super("create " + volume + ": " + why, hint);
    }
  }

  /** Text that names no machine, or no drive of one. */
  public static final class InvalidMachine extends InvalidInput {
    public InvalidMachine(String why) {
      super(why);
    }
  }

  /** A retention rule that cannot be read. */
  public static final class InvalidRetention extends InvalidInput {
    public InvalidRetention(String why, String hint) {
      super(why, hint);
    }
  }

  /** What was given is no place for a repository. */
  public static final class InvalidRepository extends InvalidInput {
    public InvalidRepository(String why, @Nullable String hint) {
      super("invalid repository: " + why, hint);
    }
  }
}
