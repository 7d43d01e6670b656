package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of disks to which a QEMU writes; no guest runs in it. */
@NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
@NeedsTool(value = "qemu-img", from = "qemu-utils")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "sfdisk", from = "fdisk")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunningDisksIT {
  private static final int BLOCK = 64 << 10;

  @TempDir Path directory;
  private Process qemu;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectory(directory.resolve("repo"));
    keg("create", "-d", "image", "-o", "format=qcow2", "-o", "size=1g", "-o", "fs=none", "sys");
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
    while (!listens()) {
      assertThat(qemu.isAlive()).isTrue();
      Thread.sleep(20);
    }
  }

  /** A socket exists a moment before QEMU listens on it. */
  private boolean listens() {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket("two")))) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (qemu != null) {
      qemu.destroy();
      qemu.waitFor();
    }
  }

  private Path socket(String name) {
    return directory.resolve(name);
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return BuiltProgram.run(
        Map.of(
            "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
            "KEG_ROOT", directory.resolve("root").toString(),
            "KEG_REPOSITORY", directory.resolve("repo").toString()),
        arguments);
  }

  private String keg(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exit()).isZero();
    return outcome.output();
  }

  /** The writes of a guest, in the syntax of qemu-io(1). */
  private void io(String drive, List<String> writes) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket("two")));
      BufferedReader answers =
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      String _ = answers.readLine();
      List<JsonObject> commands = new ArrayList<>();
      commands.add(new JsonObject().put("execute", "qmp_capabilities"));
      for (String write : writes) {
        String line = "qemu-io %s \"%s\"".formatted(drive, write);
        commands.add(
            new JsonObject()
                .put("execute", "human-monitor-command")
                .put("arguments", new JsonObject().put("command-line", line)));
      }
      for (JsonObject command : commands) {
        int _ = channel.write(ByteBuffer.wrap(command.bytes()));
        assertThat(answers.readLine()).contains("return").doesNotContain("Error", "failed");
      }
    }
  }

  private String output(String... program) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(program).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }

  /** A disk with a file system in each of two partitions; both contain a file with that text. */
  private Path partitioned(String text) throws IOException, InterruptedException {
    Path disk = directory.resolve("disk-" + text);
    Path tree = Files.createDirectory(directory.resolve("tree-" + text));
    Files.writeString(tree.resolve("file"), text.repeat(1000));
    try (var file = FileChannel.open(disk, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int _ = file.write(ByteBuffer.wrap(new byte[512]), (32 << 20) - 512);
    }
    String _ =
        output("sh", "-c", "printf 'start=2048,size=20480\\n,\\n' | sfdisk -q '" + disk + "'");
    for (int start : List.of(2048, 22528)) {
      String _ =
          output(
              "mkfs.ext4",
              "-q",
              "-U",
              "2e5b1f1a-7a9c-4f0e-9d55-0d3c0f6e8f41",
              "-d",
              tree.toString(),
              "-E",
              "offset=%d,hash_seed=2e5b1f1a-7a9c-4f0e-9d55-0d3c0f6e8f41".formatted(start * 512),
              disk.toString(),
              "9m");
    }
    return disk;
  }

  /** The writes that turn one disk into the other, in blocks of 64 KiB. */
  private List<String> writes(Path from, Path to) throws IOException {
    byte[] before = Files.readAllBytes(from);
    byte[] after = Files.readAllBytes(to);
    List<String> writes = new ArrayList<>();
    for (int at = 0; at < after.length; at += BLOCK) {
      if (!Arrays.equals(before, at, at + BLOCK, after, at, at + BLOCK)) {
        Path piece = directory.resolve("piece" + at);
        Files.write(piece, Arrays.copyOfRange(after, at, at + BLOCK));
        writes.add("write -s %s %d %d".formatted(piece, at, BLOCK));
      }
    }
    return writes;
  }

  private void assertFileSystems(Path disk, String text) throws Exception {
    for (int start : List.of(2048, 22528)) {
      String place = disk + "?offset=" + start * 512;
      assertThat(output("e2fsck", "-fn", place)).contains("non-contiguous");
      assertThat(output("debugfs", "-R", "cat /file", place)).endsWith(text.repeat(1000));
    }
  }

  /** The size of the volume's newest backup. */
  private long stored(String volume) throws IOException {
    try (Stream<Path> objects = Files.list(directory.resolve("repo/data/" + volume))) {
      return Files.size(objects.max(Comparator.naturalOrder()).orElseThrow());
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
    io("vda", List.of("write -P 17 40M 4M", "write -P 3 80M 200k"));
    Path before = partitioned("b");
    Path after = partitioned("c");
    io("vdb", List.of("write -s %s 0 32M".formatted(before)));
    Outcome refused = run("backup", "sys");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).contains("keg backup --qmp SOCKET sys");

    String first = keg("backup", "--qmp", socket("one").toString(), "sys", "data");
    // Changed in place, removed, new beside old, and where there is no table yet.
    io(
        "vda",
        List.of(
            "write -P 33 41M 100k",
            "write -z 42M 128k",
            "write -P 4 80M 300k",
            "write -P 5 700M 64k"));
    io("vdb", writes(before, after));
    keg("backup", "--qmp", socket("one").toString(), "sys", "data");

    assertThat(stored("sys")).isLessThan(32 << 10);
    assertThat(stored("data")).isLessThan(128 << 10);
    assertThat(disk("sys", "qcow2").resolveSibling(".disk.qcow2.keg-copy")).doesNotExist();
    stop();
    keg("restore", "sys", "--to", "sys2");
    keg("restore", "data", "--to", "data2");
    assertThat(compare(disk("sys", "qcow2"), disk("sys2", "qcow2"), "qcow2"))
        .isEqualTo("Images are identical.");
    assertThat(compare(disk("data", "raw"), disk("data2", "raw"), "raw"))
        .isEqualTo("Images are identical.");
    assertThat(output("qemu-img", "check", disk("sys2", "qcow2").toString()))
        .contains("No errors were found");
    assertThat((long) Files.getAttribute(disk("data2", "raw"), "unix:size")).isEqualTo(32L << 20);
    assertFileSystems(disk("data2", "raw"), "c");
    String id = first.replaceFirst("(?s).*data: ([^,]*),.*", "$1");
    keg("restore", "data", "--to", "data1", "--at", id);
    assertFileSystems(disk("data1", "raw"), "b");
  }
}
