package dev.keg.cli.help;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text that is part of the program. */
final class HelpFile {
  private HelpFile() {}

  static String read(@Nullable InputStream file) {
    if (file == null) {
      throw new IllegalStateException("this build has no help");
    }
    try (file) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
