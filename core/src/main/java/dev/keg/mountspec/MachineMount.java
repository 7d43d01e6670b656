package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a machine makes a mount at boot; ignored for containers.
 *
 * @param automount whether it is mounted at boot or only on request
 * @param options additional options of mount(8)
 * @param givenModel absent if the spec does not choose one
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

  /** Refuses an option that cannot be written between commas in fstab(5). */
  public static void requireOptions(List<String> options) {
    for (String option : options) {
      if (!option.matches("[^\\s,\\p{Cntrl}]+")) {
        throw new InvalidSpec("invalid mount option '" + option + "'");
      }
    }
  }

  /** How the owners and modes that a machine sets are stored on the host. */
  public enum SecurityModel {
    /**
     * In extended attributes: QEMU needs no privilege, and on the host the files belong to its
     * user.
     */
    MAPPED_XATTR,
    /** In hidden files beside them. */
    MAPPED_FILE,
    /** Directly on the files; QEMU must run as root. */
    PASSTHROUGH,
    /** Directly on the files if QEMU may; failures are ignored. */
    NONE;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<SecurityModel> ofWord(String word) {
      return Arrays.stream(values()).filter(model -> model.word().equals(word)).findFirst();
    }
  }
}
