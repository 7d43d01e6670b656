package dev.keg.cli.usage;

import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.UsageSum;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A volume in {@code keg df}, or the total.
 *
 * @param usage empty for the total
 * @param lastBackup when it began; empty if there is none, or it was not looked up
 */
public record UsageRow(UsageSum sum, Optional<Usage> usage, Optional<Instant> lastBackup) {
  public static UsageRow of(Usage usage, Optional<Instant> lastBackup) {
    String name = usage.volume().name().text();
    return new UsageRow(UsageSum.of(name, List.of(usage)), Optional.of(usage), lastBackup);
  }

  /** The total of all volumes; no volume can have its name. */
  public static UsageRow total(List<Usage> usages) {
    String name = usages.size() + " volumes";
    return new UsageRow(UsageSum.of(name, usages), Optional.empty(), Optional.empty());
  }
}
