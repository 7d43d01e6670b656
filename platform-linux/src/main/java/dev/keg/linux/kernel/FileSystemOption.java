package dev.keg.linux.kernel;

import org.jspecify.annotations.Nullable;

/** One option of a file system; masked if it is secret. */
public record FileSystemOption(String key, @Nullable String value, boolean secret) {
  public static FileSystemOption of(String key, String value) {
    return new FileSystemOption(key, value, false);
  }

  public static FileSystemOption flag(String key) {
    return new FileSystemOption(key, null, false);
  }

  public static FileSystemOption secret(String key, String value) {
    return new FileSystemOption(key, value, true);
  }

  /** The option in the data of mount(2). */
  public String text() {
    return value == null ? key : key + "=" + value;
  }

  @Override
  public String toString() {
    return secret ? key + "=********" : text();
  }
}
