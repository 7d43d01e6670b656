package dev.keg.tuning;

import java.nio.file.Path;
import java.util.Set;

/** What can be set below files, by an operating system. */
@FunctionalInterface
public interface Tuner {
  /**
   * Where the setting is made for the files in a directory.
   *
   * @throws Untunable if what they lie on has no such setting
   */
  Knob knob(Path directory, Setting setting) throws Untunable;

  /**
   * Gives words of mount(8) to the whole file system that a directory is the root of, for as long
   * as it is mounted. What it has already is no change.
   *
   * @param alone whether only the caller uses it; else what changes is refused
   * @throws Untunable also if others may use the file system
   */
  default void share(Path directory, Set<String> words, boolean alone) throws Untunable {
    throw new Untunable("%s needs Linux".formatted(String.join(", ", words)), null);
  }

  /** Of a system without such settings. */
  static Tuner none(String system) {
    return (_, setting) -> {
      throw new Untunable(
          "%s cannot be set on %s".formatted(setting.word(), system), "tune needs Linux");
    };
  }
}
