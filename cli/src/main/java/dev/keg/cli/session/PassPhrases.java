package dev.keg.cli.session;

import dev.keg.driver.Secrets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pass phrases of volumes: one per line from the file descriptor of {@code --key-fd}, or else typed
 * at the terminal, if there is one.
 */
final class PassPhrases implements Secrets {
  /** More than any program accepts; a file given by mistake is not read to its end. */
  private static final int LONGEST = 8192;

  private static final long O_CLOEXEC = 02000000;

  private final Optional<Integer> descriptor;
  private final Environment environment;
  private @Nullable BufferedReader lines;

  PassPhrases(Optional<Integer> descriptor, Environment environment) {
    this.descriptor = descriptor;
    this.environment = environment;
  }

  @Override
  public Optional<char[]> ask(String prompt) {
    if (descriptor.isEmpty()) {
      return environment.system().askSecretly(prompt);
    }
    try {
      if (lines == null) {
        lines = open(descriptor.get());
      }
      return line(lines);
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot read a pass phrase from file descriptor %d: it is not open for reading"
              .formatted(descriptor.get()),
          1);
    }
  }

  @Override
  public boolean show(String what, char[] secret) {
    return environment.system().showSecret(what, secret);
  }

  // Java cannot open a descriptor by its number, but the kernel has a path for each.
  private BufferedReader open(int number) throws IOException {
    if (number != 0 && isOurOwn(number)) {
      throw new IOException("not inherited");
    }
    InputStream stream =
        number == 0
            ? environment.streams().in()
            : Files.newInputStream(environment.files().getPath("/dev/fd/" + number));
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  /**
   * Whether this process opened it itself: descriptors that the virtual machine opens are closed on
   * exec, so an inherited one is not. From proc_pid_fdinfo(5):
   *
   * <pre>
   * flags:  02100000
   * </pre>
   */
  private boolean isOurOwn(int number) throws IOException {
    Path facts = environment.files().getPath("/proc/self/fdinfo/" + number);
    return Files.exists(facts)
        && Files.readAllLines(facts).stream()
            .filter(line -> line.startsWith("flags:"))
            .map(line -> line.substring("flags:".length()).strip())
            .anyMatch(flags -> (Long.parseLong(flags, 8) & O_CLOEXEC) != 0);
  }

  // Not readLine: a String cannot be overwritten.
  private static Optional<char[]> line(BufferedReader lines) throws IOException {
    char[] line = new char[LONGEST];
    int length = 0;
    int next = lines.read();
    boolean ended = next < 0;
    while (next >= 0 && next != '\n' && length < LONGEST) {
      line[length++] = (char) next;
      next = lines.read();
    }
    char[] phrase = Arrays.copyOf(line, length);
    Arrays.fill(line, '\0');
    return ended ? Optional.empty() : Optional.of(phrase);
  }
}
