package dev.keg.tuning;

import dev.keg.volume.Size;
import java.util.Locale;

/**
 * Settings that suit a kind of use. None chooses a scheduler: which one is best depends on the
 * device, not on what is stored.
 */
public enum TuningProfile {
  /** Reads at random: what is read ahead is read in vain. */
  DATABASE("16k"),
  /** Large files, read from the beginning to the end. */
  BULK("4m"),
  /** Files that end before a long read-ahead does. */
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
