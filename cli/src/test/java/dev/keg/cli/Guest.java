package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A machine that runs a script in the background while a test communicates with it. */
final class Guest implements AutoCloseable {
  private static final Path RUN = Path.of("..", "src-test-fixtures", "vm", "run");
  private static final Path SYSTEMD = Path.of("/usr/lib/systemd/systemd");

  /** Starts only a few of the usual units; the others do not affect volumes and take a minute. */
  private static final String START_SYSTEMD =
      """
      rm -rf /usr/lib/systemd/system/sysinit.target.wants /etc/systemd/system/sysinit.target.wants
      cat >/etc/systemd/system/seen.service <<END
      [Unit]
      DefaultDependencies=no
      [Service]
      ExecStart=/bin/bash %s
      END
      printf '[Unit]\\nWants=%s\\n' >/etc/systemd/system/seen.target
      exec %s --unit=seen.target
      """;

  private final Process process;
  private final BufferedReader output;
  private final StringBuilder said = new StringBuilder();

  private Guest(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  /**
   * The options of QEMU.
   *
   * @param more arguments, quoted as for a shell
   */
  record Arguments(String machine, String more) {}

  /** Fetches the kernel once; the tests are skipped if that fails. */
  static void prepare() throws IOException, InterruptedException {
    Process prepare =
        new ProcessBuilder(RUN.toAbsolutePath().toString(), "--prepare")
            .redirectErrorStream(true)
            .start();
    String said = new String(prepare.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(prepare.waitFor() == 0, () -> "no machine can be started here: " + said);
  }

  /** The same for a machine that boots systemd. */
  static void prepareSystemd() throws IOException, InterruptedException {
    assumeTrue(Files.exists(SYSTEMD), "needs systemd of the package systemd");
    prepare();
  }

  static Guest start(Arguments arguments, String script, Path directory) throws IOException {
    return start(List.of(), arguments, script, directory);
  }

  /** The script becomes the machine's init process; {@code /run/vm/end STATUS} ends it. */
  static Guest boot(Arguments arguments, String script, Path directory) throws IOException {
    return start(List.of("--init"), arguments, script, directory);
  }

  /**
   * Boots systemd.
   *
   * @param script prepares the machine before systemd becomes its init process
   * @param units the units that systemd starts
   * @param program runs under systemd, and ends the machine
   */
  static Guest bootSystemd(
      Arguments arguments, String script, List<String> units, String program, Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("seen.sh"), program);
    String wanted = String.join(" ", units) + " seen.service";
    String start = START_SYSTEMD.formatted(file, wanted.strip(), SYSTEMD);
    return boot(arguments, script + start, directory);
  }

  private static Guest start(
      List<String> options, Arguments arguments, String script, Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("guest.sh"), "set -e\n" + script);
    List<String> line = new ArrayList<>(List.of(RUN.toAbsolutePath().toString()));
    line.addAll(options);
    line.addAll(List.of("--timeout", "240", "--", "bash", file.toString()));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("KEG_VM_MACHINE", arguments.machine());
    builder.environment().put("KEG_VM_QEMU", arguments.more());
    return new Guest(builder.redirectErrorStream(true).start());
  }

  /** Waits until the script writes a line with this beginning, and returns it. */
  String await(String beginning) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError("the machine ended before " + beginning + ":\n" + said);
  }

  /** Waits for its end, which must be successful. */
  void end() throws IOException, InterruptedException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said.toString()).isZero();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
