package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a machine makes one mount at its start; means nothing to a container.
 *
 * @param automount whether it is made at all, or only when somebody asks for it
 * @param options further ones, in the words of mount(8)
 * @param givenModel absent where the spec leaves the choice
 */
public record MachineMount(
    boolean automount, List<String> options, @Nullable SecurityModel givenModel) {
  public static final MachineMount DEFAULT = new MachineMount(true, List.of(), null);

  public MachineMount {
    options = List.copyOf(options);
    requireOptions(options);
  }

  public Optional<SecurityModel> securityModel() {
    return Optional.ofNullable(givenModel);
  }

  /** Refuses what could not stand between the commas of fstab(5). */
  public static void requireOptions(List<String> options) {
    for (String option : options) {
      if (!option.matches("[^\\s,\\p{Cntrl}]+")) {
        throw new InvalidSpec("invalid mount option '" + option + "'");
      }
    }
  }

  /** How the owners and modes that a machine gives to files are kept on the host. */
  public enum SecurityModel {
    /** In extended attributes; QEMU needs no privilege, and the host sees its own owner. */
    MAPPED_XATTR,
    /** In files beside them. */
    MAPPED_FILE,
    /** As they are; QEMU must be root. */
    PASSTHROUGH,
    /** As they are, where QEMU may; failures are not told. */
    NONE;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<SecurityModel> ofWord(String word) {
      return Arrays.stream(values()).filter(model -> model.word().equals(word)).findFirst();
    }
  }
}
