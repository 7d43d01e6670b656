package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import dev.keg.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of disks that a QEMU writes to; no guest runs in it. */
@NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
@NeedsTool(value = "qemu-img", from = "qemu-utils")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunningDisksIT {
  @TempDir Path directory;
  private Process qemu;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectory(directory.resolve("repo"));
    keg("create", "-d", "image", "-o", "format=qcow2", "-o", "size=64m", "-o", "fs=none", "sys");
    keg("create", "-d", "image", "-o", "size=32m", "-o", "fs=none", "data");
    keg("attach", "sys", "vm");
    keg("attach", "data", "vm");
    List<String> line =
        new ArrayList<>(
            List.of("qemu-system-x86_64", "-nodefaults", "-display", "none", "-S", "-m", "64"));
    for (String socket : List.of("one", "two")) {
      line.addAll(List.of("-qmp", "unix:" + socket(socket) + ",server=on,wait=off"));
    }
    line.addAll(List.of(keg("render", "qemu", "--vm", "vm").strip().split("\\s+")));
    qemu = new ProcessBuilder(line).redirectErrorStream(true).start();
    while (!Files.exists(socket("two"))) {
      assertThat(qemu.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    qemu.destroy();
    qemu.waitFor();
  }

  private Path socket(String name) {
    return directory.resolve(name);
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> program =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.keg.cli.Main");
    Map<String, String> environment =
        Map.of(
            "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
            "KEG_ROOT", directory.resolve("root").toString(),
            "KEG_REPOSITORY", directory.resolve("repo").toString());
    return new ProcessRunner(program, environment, Duration.ofMinutes(1))
        .run(new Invocation(List.of(arguments), "", Map.of()));
  }

  private String keg(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exit()).isZero();
    return outcome.output();
  }

  /** What a guest would write. */
  private void write(String drive, String pattern, String at) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket("two")));
      BufferedReader answers =
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      String _ = answers.readLine();
      String io = "qemu-io %s \"write -P %s %s 1M\"".formatted(drive, pattern, at);
      for (JsonObject command :
          List.of(
              new JsonObject().put("execute", "qmp_capabilities"),
              new JsonObject()
                  .put("execute", "human-monitor-command")
                  .put("arguments", new JsonObject().put("command-line", io)))) {
        int _ = channel.write(ByteBuffer.wrap(command.bytes()));
        assertThat(answers.readLine()).contains("return");
      }
    }
  }

  private String compare(Path one, Path other, String format)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("qemu-img", "compare", "-f", format, "-F", format, "" + one, "" + other)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }

  private Path disk(String volume, String format) {
    return directory.resolve("root/volumes/" + volume + "/disk." + format);
  }

  @Test
  void disks_of_a_running_machine_are_backed_up_as_they_are_at_one_moment() throws Exception {
    write("vda", "17", "40M");
    write("vdb", "18", "3M");
    Outcome refused = run("backup", "sys");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).contains("keg backup --qmp SOCKET sys");

    keg("backup", "--qmp", socket("one").toString(), "sys", "data");
    write("vda", "33", "41M");
    keg("backup", "--qmp", socket("one").toString(), "sys", "data");

    assertThat(disk("sys", "qcow2").resolveSibling(".disk.qcow2.keg-copy")).doesNotExist();
    stop();
    keg("restore", "sys", "--to", "sys2");
    keg("restore", "data", "--to", "data2");
    assertThat(compare(disk("sys", "qcow2"), disk("sys2", "qcow2"), "qcow2"))
        .isEqualTo("Images are identical.");
    assertThat(compare(disk("data", "raw"), disk("data2", "raw"), "raw"))
        .isEqualTo("Images are identical.");
    assertThat((long) Files.getAttribute(disk("data2", "raw"), "unix:size")).isEqualTo(32L << 20);
  }
}
