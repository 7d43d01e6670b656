package dev.keg.mountspec;

import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A volume named by a spec, and how to create it if it is missing.
 *
 * @param givenName absent for an anonymous volume
 * @param givenDriver absent if the spec does not choose one
 * @param mustExist whether a missing volume is an error instead of being created
 */
public record WantedVolume(
    @Nullable VolumeName givenName,
    @Nullable String givenDriver,
    Options options,
    Labels labels,
    boolean mustExist) {
  public static final WantedVolume ANONYMOUS =
      new WantedVolume(null, null, Options.NONE, Labels.NONE, false);

  public WantedVolume {
    if (mustExist && givenName == null) {
      throw new IllegalArgumentException("only a volume with a name can exist already");
    }
  }

  public Optional<VolumeName> name() {
    return Optional.ofNullable(givenName);
  }

  public Optional<String> driver() {
    return Optional.ofNullable(givenDriver);
  }

  /** The existing volume of that name, or a new one with defaults. */
  public static WantedVolume named(VolumeName name) {
    return new WantedVolume(name, null, Options.NONE, Labels.NONE, false);
  }
}
