package dev.keg.cli.output;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** The orders of {@code ls --sort}; equal volumes stay in the order of their names. */
public enum VolumeOrder {
  /** Docker's order. */
  NAME,
  /** The largest first. */
  SIZE,
  /** The newest first. */
  CREATED,
  /** The most recently held first. */
  USED;

  public Comparator<VolumeRow> comparator() {
    return switch (this) {
      case NAME -> (_, _) -> 0;
      case SIZE -> Comparator.comparing(VolumeOrder::size).reversed();
      case CREATED -> Comparator.comparing(VolumeOrder::created).reversed();
      case USED -> Comparator.comparing(VolumeOrder::used).reversed();
    };
  }

  private static long size(VolumeRow row) {
    return row.usage() == null ? -1 : row.usage().size().bytes();
  }

  private static Instant created(VolumeRow row) {
    return row.volume().created();
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
