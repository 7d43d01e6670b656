package dev.keg.tuning;

import java.nio.file.Path;

/** What can be set below files, by an operating system. */
@FunctionalInterface
public interface Tuner {
  /**
   * Where the setting is made for the files in a directory.
   *
   * @throws Untunable if what they lie on has no such setting
   */
  Knob knob(Path directory, Setting setting) throws Untunable;

  /** Of a system without such settings. */
  static Tuner none(String system) {
    return (_, setting) -> {
      throw new Untunable(
          "%s cannot be set on %s".formatted(setting.word(), system), "tune needs Linux");
    };
  }
}
