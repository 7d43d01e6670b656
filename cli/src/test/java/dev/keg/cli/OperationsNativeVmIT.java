package dev.keg.cli;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.vm.Machine;
import dev.keg.fixtures.vm.NfsServer;
import dev.keg.fixtures.vm.QuickCryptsetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The commands with which an operator examines and tunes volumes, on storage that needs its own
 * kernel: LUKS, NFS and quotas. Each volume contains one file of 4 MiB and is mounted.
 */
@NeedsVm
@NeedsNative
@NeedsTool(value = "cryptsetup", from = "cryptsetup-bin")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
@NeedsTool(value = "rpc.nfsd", from = "nfs-kernel-server")
@NeedsTool(value = "mount.nfs", from = "nfs-common")
class OperationsNativeVmIT {
  private static final int FILE = 4 << 20;

  @RegisterExtension final MachineState machine = new MachineState();

  @BeforeAll
  static void serve() throws Exception {
    NfsServer.setUp();
  }

  private Path root() {
    return machine.directory().resolve("keg");
  }

  private Outcome keg(String... arguments) throws Exception {
    return BuiltProgram.run(
        Map.of("KEG_ROOT", root().toString(), "PATH", QuickCryptsetup.path(machine.directory())),
        arguments);
  }

  private String must(String... arguments) throws Exception {
    Outcome outcome = keg(arguments);
    assertThat(outcome.exit()).as("%s: %s", List.of(arguments), outcome).isZero();
    return outcome.output();
  }

  /** A mounted volume with its file; returns its mount point. */
  private Path volume(String driver, String... options) throws Exception {
    List<String> create = new ArrayList<>(List.of("create", "-d", driver));
    for (String option : options) {
      create.addAll(List.of("-o", option));
    }
    create.add("db");
    must(create.toArray(String[]::new));
    must("mount", "db");
    Path data = root().resolve("volumes/db/_data");
    Files.write(data.resolve("table"), new byte[FILE], CREATE_NEW, WRITE, DSYNC);
    return data;
  }

  /** The checks that are common to all. */
  private void assertSeen(String type, int holders) throws Exception {
    assertThat(must("df", "--json", "db"))
        .contains(
            "\"UsedBytes\":" + FILE, "\"Type\":\"" + type + "\"", "\"HolderCount\":" + holders);
    assertThat(must("warm", "--json", "db"))
        .contains("\"SizeBytes\":" + FILE, "\"CachedAfter\":" + FILE);
    Path page = machine.directory().resolve("page.html");
    must("report", "-o", page.toString());
    assertThat(page).content().contains("\"Name\":\"db\"", "\"UsedBytes\":" + FILE);
    assertThat(must("info")).contains(root().toString());
    assertThat(keg("check", "-q")).isEqualTo(new Outcome("", "", 0));
  }

  /** The value of a metric for the device, which must belong to the volume. */
  private long metric(String name, String device) throws Exception {
    String start = "keg_volume_device_%s{volume=\"db\",device=\"%s\"} ".formatted(name, device);
    return must("stats", "--format", "prometheus", "db")
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToLong(line -> Long.parseLong(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  /** Changes readahead to 256 KiB and back, there and in the kernel's file. */
  private void assertTuned(String place, Path kernel) throws Exception {
    String before = Files.readString(kernel).strip();
    String format = "{{.Place}} {{.After}}";
    assertThat(before).isNotEqualTo("256");

    assertThat(must("tune", "--readahead", "256k", "--format", format, "db"))
        .isEqualTo(place + " 256KiB\n");
    assertThat(kernel).hasContent("256\n");
    must("unmount", "db");
    must("mount", "db");
    assertThat(kernel).as("set again by the mount").hasContent("256\n");
    must("tune", "--reset", "db");
    assertThat(kernel).hasContent(before + "\n");
  }

  private static long writtenBytes(String device) throws IOException {
    String[] fields =
        Files.readString(Path.of("/sys/block", device, "stat")).strip().split(" +", 0);
    return Long.parseLong(fields[6]) * 512;
  }

  @Test
  void an_encrypted_volume() throws Exception {
    Path key = Files.writeString(machine.directory().resolve("key"), "xyzzy");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Path data = volume("loop", "size=24m", "encrypted=true", "key-file=" + key);

    assertSeen("ext4", 1);
    assertThat(must("df", "--json", "db")).contains("\"SizeBytes\":" + (24 << 20));
    long before = writtenBytes("dm-0");
    assertThat(metric("written_bytes_total", "dm-0"))
        .isGreaterThanOrEqualTo(FILE)
        .isBetween(before, writtenBytes("dm-0"));
    assertTuned("dm-0", Path.of("/sys/block/dm-0/queue/read_ahead_kb"));
    assertThat(keg("tune", "--scheduler", "deadline", "db").errors())
        .contains("no scheduler 'deadline'; it has none");
    must("check", "--repair");
    assertThat(data.resolve("table")).as("held").exists();

    must("unmount", "db");
    Machine.run(
        "cryptsetup", "open", "--key-file", key, root().resolve("volumes/db/disk.img"), "keg-left");
    assertThat(keg("check", "--format", "{{.Subject}} {{.State}}"))
        .isEqualTo(new Outcome("db repairable\n", "", 1));
    assertThat(must("check", "--repair", "--format", "{{.Subject}} {{.State}}"))
        .isEqualTo("db repaired\n");
    assertThat(Machine.run("dmsetup", "ls")).doesNotContain("keg-");
    assertThat(keg("check", "-q")).isEqualTo(new Outcome("", "", 0));
  }

  @Test
  void a_volume_on_a_server() throws Exception {
    volume("nfs", "server=127.0.0.1", "path=/", "vers=4.2");

    assertSeen("nfs", 1);
    assertThat(metric("written_bytes_total", "127.0.0.1:/")).isEqualTo(FILE);
    String number =
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .filter(line -> line.contains(root().toString()))
            .map(line -> line.split(" ", -1)[2])
            .findFirst()
            .orElseThrow();
    assertThat(keg("tune", "--scheduler", "none", "db").errors()).contains("no scheduler: ");
    assertThat(must("tune", "--readahead", "256k", "--format", "{{.After}}", "db"))
        .isEqualTo("256KiB\n");
    assertThat(Path.of("/sys/class/bdi", number, "read_ahead_kb")).hasContent("256\n");
    must("tune", "--reset", "db");
    must("unmount", "db");
  }

  @Test
  void a_volume_with_a_quota() throws Exception {
    Machine.run("mkfs.xfs", "-q", "-f", "/dev/vda");
    Machine.run("mount", "-o", "prjquota", "/dev/vda", machine.directory());
    try {
      Path data = volume("local", "size=10m");

      assertSeen("directory", 0);
      assertThat(must("df", "--json", "db"))
          .contains("\"SizeBytes\":" + (10 << 20), "\"UsedPercent\":40")
          .contains("\"AvailableBytes\":" + ((10 << 20) - FILE));
      long before = writtenBytes("vda");
      assertThat(metric("written_bytes_total", "vda"))
          .isGreaterThanOrEqualTo(FILE)
          .isBetween(before, writtenBytes("vda"));
      assertTuned("vda", Path.of("/sys/block/vda/queue/read_ahead_kb"));
      Files.write(data.resolve("more"), new byte[FILE + (3 << 19)]);
      Outcome full = keg("check", "--format", "{{.Subject}}: {{.Problem}}");
      assertThat(full.output()).startsWith("db: it is 95% full: ").hasLineCount(1);
      assertThat(full.exit()).isEqualTo(1);
      must("unmount", "db");
    } finally {
      Machine.run("umount", "-l", machine.directory());
    }
  }
}
