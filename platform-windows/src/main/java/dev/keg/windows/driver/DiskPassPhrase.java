package dev.keg.windows.driver;

import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.windows.win32.Win32Exception;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pass phrase of an encrypted disk: the first line of its key file, or the operator's input.
 */
public record DiskPassPhrase(WindowsOperation operation, Optional<Path> file, Secrets secrets) {
  /** Work with a pass phrase. */
  @FunctionalInterface
  public interface Use<T> {
    T with(char[] phrase) throws Win32Exception, IOException;
  }

  /** Reads or asks for the pass phrase and overwrites it after its use. */
  public <T> T use(Use<T> use) throws Win32Exception, IOException {
    char[] phrase = phrase();
    try {
      if (phrase.length == 0) {
        throw failed("the pass phrase is empty", null);
      }
      return use.with(phrase);
    } finally {
      Arrays.fill(phrase, '\0');
    }
  }

  private char[] phrase() throws IOException {
    if (file.isPresent()) {
      return firstLine(SecretText.read(file.get()));
    }
    return secrets
        .ask("Pass phrase of volume " + operation.volume() + ": ")
        .orElseThrow(
            () ->
                failed(
                    "no pass phrase was given",
                    "type it at a terminal, or pass it with --key-fd 0; a volume with"
                        + " -o key-file=FILE needs none"));
  }

  private static char[] firstLine(char[] text) {
    int end = 0;
    while (end < text.length && text[end] != '\r' && text[end] != '\n') {
      end++;
    }
    char[] line = Arrays.copyOf(text, end);
    Arrays.fill(text, '\0');
    return line;
  }

  private DriverFailed failed(String why, @Nullable String hint) {
    return new DriverFailed(
        operation.name(), operation.volume().text(), "the volume is encrypted: " + why, hint, null);
  }
}
