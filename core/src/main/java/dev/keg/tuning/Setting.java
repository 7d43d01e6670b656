package dev.keg.tuning;

import dev.keg.volume.Size;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The settings below a volume. Values are texts for a {@link Knob}. */
public enum Setting {
  /** When reading a file changes its access time: an option of mount(8). */
  ATIME,
  /** Whether a write waits for the disk: {@code sync} or {@code async}. */
  SYNC,
  /** The order in which a device processes requests: the kernel's name of a scheduler. */
  SCHEDULER,
  /** How far the kernel reads ahead in a file that is read sequentially, in bytes. */
  READAHEAD;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Setting> of(String word) {
    return Arrays.stream(values()).filter(setting -> setting.word().equals(word)).findFirst();
  }

  /** Whether it belongs to a mount or its file system; the others belong to a device. */
  boolean isOfMount() {
    return this == ATIME || this == SYNC;
  }

  /** A value for people. */
  public String shown(String value) {
    return this == READAHEAD ? new Size(Long.parseLong(value)).humanBinary() : value;
  }
}
