package dev.keg.tuning;

import dev.keg.volume.Size;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be set below a volume. Values are texts, as a {@link Knob} takes them. */
public enum Setting {
  /** When reading a file changes its time of access: a word of mount(8). */
  ATIME,
  /** Whether a write waits for the disk: {@code sync} or {@code async}. */
  SYNC,
  /** The order in which a device does what it is asked: a name that the kernel knows. */
  SCHEDULER,
  /** How far ahead the kernel reads a file that is read in order, in bytes. */
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

  /** A value as a person reads it. */
  public String shown(String value) {
    return this == READAHEAD ? new Size(Long.parseLong(value)).humanBinary() : value;
  }
}
