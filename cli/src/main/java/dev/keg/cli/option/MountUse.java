package dev.keg.cli.option;

import java.util.EnumSet;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The uses of {@code keg mount}. */
public enum MountUse {
  LIST("the list of mounts"),
  /** Makes the data of a volume visible at its own mountpoint. */
  DATA("VOLUME"),
  TARGET("VOLUME TARGET"),
  CONTAINER("-v, --mount, --tmpfs and --compose");

  private static final OptionScopes<MountUse> SCOPES =
      new OptionScopes<MountUse>(use -> use.words)
          .with(EnumSet.of(LIST), RowOptions.NAMES)
          .with(EnumSet.of(TARGET), AccessOptions.NAMES)
          .with(EnumSet.of(TARGET, CONTAINER), "--rootfs", "--exclusive", "--mkdir")
          .with(EnumSet.of(LIST, TARGET, CONTAINER), "--container");

  private final String words;

  MountUse(String words) {
    this.words = words;
  }

  public static MountUse of(boolean volume, boolean target, boolean specs) {
    if (specs) {
      return CONTAINER;
    }
    return target ? TARGET : volume ? DATA : LIST;
  }

  /** A mistake on the command line, if any. */
  public Optional<String> conflict(CommandSpec command, boolean container, boolean volume) {
    if (this == CONTAINER && volume) {
      return Optional.of("VOLUME cannot be combined with " + words);
    }
    Optional<String> misplaced = SCOPES.misplaced(command, this);
    if (misplaced.isPresent()) {
      return this == CONTAINER ? misplaced.map(why -> why + "; put it into the spec") : misplaced;
    }
    return this == CONTAINER && !container
        ? Optional.of(words + " require --container")
        : Optional.empty();
  }
}
