package dev.keg.cli.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.IVersionProvider;

/**
 * The version that Maven wrote into the build.
 *
 * @param commit empty in a build that is not a release
 * @param date the day of that commit
 */
public record Version(String number, String commit, String date) {
  private static final int SHORT = 12;

  /** For {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {read().text()};
    }
  }

  /** Three lines: the number, the commit, the time of the commit. */
  public static Version read() {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IOException("this build has no version");
      }
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip).toList();
      String commit = lines.get(1);
      return new Version(
          lines.getFirst(),
          commit.length() > SHORT ? commit.substring(0, SHORT) : commit,
          commit.isEmpty() ? "" : lines.get(2).substring(0, "2026-01-01".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code native}, or {@code Java 25.0.1}. */
  public String runtime() {
    return NativeBinary.file().isPresent()
        ? "native"
        : "Java " + System.getProperty("java.version");
  }

  /** {@code keg 1.2.0 (native, commit 1a2b3c4d5e6f of 2026-11-28)}. */
  public String text() {
    List<String> details = new ArrayList<>(List.of(runtime()));
    if (!commit.isEmpty()) {
      details.add("commit %s of %s".formatted(commit, date));
    }
    return "keg %s (%s)".formatted(number, String.join(", ", details));
  }
}
