package dev.keg.tuning;

import dev.keg.volume.Size;
import java.util.Locale;

/**
 * Settings for a kind of use. None chooses a scheduler: the best one depends on the device, not on
 * the content.
 */
public enum TuningProfile {
  /** Random reads, for which reading ahead is wasted. */
  DATABASE("16k"),
  /** Large files, read from beginning to end. */
  BULK("4m"),
  /** Files that are shorter than a long read-ahead. */
  MANY_SMALL("64k");

  private final String readahead;

  TuningProfile(String readahead) {
    this.readahead = readahead;
  }

  public Tuning tuning() {
    return Tuning.NONE
        .with(Setting.ATIME, "noatime")
        .with(Setting.READAHEAD, Long.toString(Size.parseBinary(readahead).bytes()));
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
