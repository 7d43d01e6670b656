package dev.keg.error;

import org.jspecify.annotations.Nullable;

/** Invalid text from the operator: a name, a size, a filter, a specification. */
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

  /** The text is not a valid volume name. */
  public static final class InvalidName extends InvalidInput {
    public InvalidName(String name, String why) {
      this("create", name, why);
    }

    public InvalidName(String operation, String name, String why) {
      super(
          operation + " " + name + ": " + why,
          name.contains(" ") ? "a name has no spaces; --description takes free text" : null);
    }
  }

  /** The text is not a valid name of a snapshot. */
  public static final class InvalidSnapshotName extends InvalidInput {
    public InvalidSnapshotName(String name) {
      super(
          "invalid snapshot name: '%s'".formatted(name),
          "a name has up to 100 letters, digits and the characters _ . - and begins with a letter"
              + " or digit");
    }
  }

  /** No pool can have this name. */
  public static final class InvalidPoolName extends InvalidInput {
    public InvalidPoolName(String name) {
      super(
          "invalid pool name: '%s'".formatted(name),
          "a name has up to 63 letters, digits and the characters _ . - and begins with a letter"
              + " or digit");
    }
  }

  /** The text names no image in a registry. */
  public static final class InvalidImage extends InvalidInput {
    public InvalidImage(String text) {
      super(
          "invalid reference to an image: '%s'".formatted(text),
          "write REGISTRY/NAME:TAG, such as registry.example.com/volumes/db:nightly");
    }
  }

  /** Neither end of a copy is in a volume. */
  public static final class InvalidCopy extends InvalidInput {
    public InvalidCopy(String from, String to) {
      super(
          "cp %s %s: neither is in a volume".formatted(from, to),
          "write VOLUME:PATH for a path in a volume");
    }
  }

  /** The name is empty. */
  public static final class EmptyName extends InvalidInput {
    public EmptyName() {
      super("invalid volume name or ID: value is empty");
    }
  }

  /** A label whose key is empty or contains white space. */
  public static final class InvalidLabel extends InvalidInput {
    public InvalidLabel(String why) {
      super(why);
    }
  }

  /** Text that names no place in a backup. */
  public static final class InvalidBackupPath extends InvalidInput {
    public InvalidBackupPath(String text, String why, String hint) {
      super("'%s': %s".formatted(text, why), hint);
    }
  }

  /** Text that is not a size. */
  public static final class InvalidSize extends InvalidInput {
    public InvalidSize(String why) {
      super(why);
    }

    public InvalidSize(String why, String hint) {
      super(why, hint);
    }
  }

  /** Text that is not a point in time, or not one that is accepted here. */
  public static final class InvalidTime extends InvalidInput {
    public InvalidTime(String why, String hint) {
      super(why, hint);
    }
  }

  /** Text that names no root on another host. */
  public static final class InvalidDestination extends InvalidInput {
    public InvalidDestination(String text, String why) {
      super("invalid destination '%s': %s".formatted(text, why), "write ssh://USER@HOST:PORT/ROOT");
    }
  }

  /** An engine's request is malformed. */
  public static final class InvalidRequest extends InvalidInput {
    public InvalidRequest(String why) {
      super("invalid request: " + why);
    }

    public InvalidRequest(String why, String hint) {
      super("invalid request: " + why, hint);
    }
  }

  /** Text that names no group of users. */
  public static final class InvalidGroup extends InvalidInput {
    public InvalidGroup(String why, String hint) {
      super("invalid value for \"--group\": " + why, hint);
    }
  }

  /** Text that does not describe a mount. */
  public static final class InvalidSpec extends InvalidInput {
    public InvalidSpec(String why) {
      super(why);
    }

    public InvalidSpec(String why, @Nullable String hint) {
      super(why, hint);
    }

    /** The same, prefixed with the text in which it was found. */
    public InvalidSpec within(String context) {
      return new InvalidSpec(context + ": " + getMessage(), hint().orElse(null));
    }
  }

  /** A filter that is unknown here or has an invalid value. */
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

  /** Text that is not a valid machine or drive name. */
  public static final class InvalidMachine extends InvalidInput {
    public InvalidMachine(String why) {
      super(why);
    }
  }

  /** An invalid retention rule. */
  public static final class InvalidRetention extends InvalidInput {
    public InvalidRetention(String why, String hint) {
      super(why, hint);
    }
  }

  /** A policy that cannot be understood or followed. */
  public static final class InvalidPolicy extends InvalidInput {
    public InvalidPolicy(String why, @Nullable String hint) {
      super(why, hint);
    }
  }

  /** A key or a value of the configuration that is not valid. */
  public static final class InvalidConfig extends InvalidInput {
    public InvalidConfig(String why, @Nullable String hint) {
      super(why, hint);
    }
  }

  /** The address names no registry that hosts can share. */
  public static final class InvalidRegistry extends InvalidInput {
    public InvalidRegistry(String why, @Nullable String hint) {
      super("invalid registry: " + why, hint);
    }
  }

  /** Text that is not the address of a repository. */
  public static final class InvalidRepository extends InvalidInput {
    public InvalidRepository(String why, @Nullable String hint) {
      super("invalid repository: " + why, hint);
    }
  }
}
