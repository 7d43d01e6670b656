package dev.keg.tuning;

import java.util.List;
import java.util.Optional;

/**
 * The access times in a volume that is a directory: its file system belongs to others, too, so the
 * setting applies wherever Keg mounts the directory from now on. Storing the value is all that is
 * needed.
 *
 * @param inherited the setting of such a mount otherwise
 */
record LaterMounts(Knob inherited, Optional<String> kept) implements Knob {
  @Override
  public Setting setting() {
    return Setting.ATIME;
  }

  @Override
  public String place() {
    return "later mounts";
  }

  @Override
  public String value() {
    return kept.orElse(inherited.value());
  }

  @Override
  public List<String> choices() {
    return inherited.choices();
  }

  @Override
  public List<String> sharers() {
    return List.of();
  }

  @Override
  public void set(String value) {}
}
