package dev.keg.tuning;

import java.nio.file.Path;
import java.util.Set;

/** The operating system's settings below files. */
@FunctionalInterface
public interface Tuner {
  /**
   * The setting for the files in a directory.
   *
   * @throws Untunable if their storage has no such setting
   */
  Knob knob(Path directory, Setting setting) throws Untunable;

  /**
   * Applies options of mount(8) to the whole file system whose root is the directory, as long as it
   * is mounted. An option that is already set is not a change.
   *
   * @param alone whether only the caller uses it; otherwise a change is refused
   * @throws Untunable also if others may use the file system
   */
  default void share(Path directory, Set<String> words, boolean alone) throws Untunable {
    throw new Untunable("%s needs Linux".formatted(String.join(", ", words)), null);
  }

  /** For a system without such settings. */
  static Tuner none(String system) {
    return (_, setting) -> {
      throw new Untunable(
          "%s cannot be set on %s".formatted(setting.word(), system), "tune needs Linux");
    };
  }
}
