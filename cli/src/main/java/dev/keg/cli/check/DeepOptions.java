package dev.keg.cli.check;

import dev.keg.cli.option.Converters;
import dev.keg.health.StorageCheck;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether {@code keg check} examines images and disks. */
public final class DeepOptions {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Option(
      names = "--deep",
      description = "Also examine the file systems and disks of volumes that nobody holds")
  private boolean deep;

  @Option(
      names = "--limit",
      paramLabel = "seconds",
      converter = Converters.Seconds.class,
      description = "Time limit of --deep for one volume (default 60)")
  private Optional<Duration> limit = Optional.empty();

  /**
   * A conflict of the options; a repair would examine twice, and there is nothing that it could
   * repair.
   */
  public Optional<String> conflict(boolean repair) {
    if (deep && repair) {
      return Optional.of("conflicting options: --deep and --repair");
    }
    return limit.isPresent() && !deep ? Optional.of("--limit requires --deep") : Optional.empty();
  }

  public Optional<StorageCheck> check(StorageCheck.Listener listener) {
    return deep ? Optional.of(new StorageCheck(limit.orElse(LIMIT), listener)) : Optional.empty();
  }
}
