package dev.keg.cli.usage;

import dev.keg.lifecycle.Usage;
import dev.keg.lifecycle.UsageSum;
import dev.keg.usage.Room;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The orders of {@code df --sort}: the largest, fullest or latest first, unknown values last. Equal
 * volumes stay in the order of their names.
 */
public enum UsageOrder {
  NAME,
  SIZE,
  ALLOCATED,
  FILES,
  /** The fullest file system first. */
  FULL,
  /** As in {@code ls --sort used}. */
  USED;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether totals of several volumes can also be sorted by it. */
  public boolean ofSums() {
    return this != FULL && this != USED;
  }

  public Comparator<UsageSum> sums() {
    return descending(this::figure);
  }

  private Optional<Long> figure(UsageSum sum) {
    return switch (this) {
      case SIZE -> sum.size().map(Size::bytes);
      case ALLOCATED -> sum.allocated().map(Size::bytes);
      case FILES -> sum.files();
      case NAME, FULL, USED -> Optional.empty();
    };
  }

  public Comparator<Usage> volumes() {
    return switch (this) {
      case FULL -> descending(usage -> usage.content().room().map(UsageOrder::percent));
      case USED -> descending(usage -> usage.lastUsed().map(Instant::toEpochMilli));
      case SIZE -> descending(usage -> usage.content().size().map(Size::bytes));
      case ALLOCATED -> descending(usage -> usage.content().allocated().map(Size::bytes));
      case FILES -> descending(usage -> usage.content().tree().map(TreeUsage::files));
      case NAME -> (_, _) -> 0; // the order of measuring
    };
  }

  private static long percent(Room room) {
    return room.usedPercent().orElse(-1);
  }

  private static <T> Comparator<T> descending(Function<T, Optional<Long>> figure) {
    return Comparator.comparing((T item) -> figure.apply(item).orElse(-1L)).reversed();
  }
}
