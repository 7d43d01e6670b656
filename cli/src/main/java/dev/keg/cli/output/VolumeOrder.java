package dev.keg.cli.output;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** The orders of {@code ls --sort}; volumes that are equal stay in the order of their names. */
public enum VolumeOrder {
  /** Docker's. */
  NAME((_, _) -> 0),
  /** Those that hold most first. */
  SIZE(Comparator.comparing((VolumeRow row) -> -size(row))),
  /** The newest first. */
  CREATED(Comparator.comparing((VolumeRow row) -> row.volume().created()).reversed()),
  /** Those that somebody held last first. */
  USED(Comparator.comparing(VolumeOrder::used).reversed());

  private final Comparator<VolumeRow> comparator;

  VolumeOrder(Comparator<VolumeRow> comparator) {
    this.comparator = comparator;
  }

  public Comparator<VolumeRow> comparator() {
    return comparator;
  }

  private static long size(VolumeRow row) {
    return row.usage() == null ? -1 : row.usage().size().bytes();
  }

  private static Instant used(VolumeRow row) {
    return row.document() == null
        ? Instant.MIN
        : row.document().get().overview().lastUsed().orElse(Instant.MIN);
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
