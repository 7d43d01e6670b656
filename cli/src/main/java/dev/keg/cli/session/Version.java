package dev.keg.cli.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the build. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  /** {@code keg 1.2.0 (native)} or {@code keg 1.2.0 (Java 25.0.1)}. */
  static String text() {
    String runtime =
        NativeBinary.file().isPresent() ? "native" : "Java " + System.getProperty("java.version");
    return "keg %s (%s)".formatted(number(), runtime);
  }

  static String number() {
    try {
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IOException("this build has no version");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
