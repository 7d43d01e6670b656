package dev.keg.tuning;

import java.util.List;
import java.util.Optional;

/**
 * The times of access in a volume that is a directory: its file system is not the volume's, so they
 * are set where Keg mounts the directory from now on. Keeping the value is all that is needed.
 *
 * @param inherited what such a mount has otherwise
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
