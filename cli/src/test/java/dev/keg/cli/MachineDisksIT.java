package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.Guest.Arguments;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A QEMU machine has the disks and shares that Keg gives it. Keg runs as an ordinary user, even if
 * root runs the tests.
 */
@NeedsNative
@NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
@NeedsTool(value = "qemu-img", from = "qemu-utils")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "setpriv", from = "util-linux")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MachineDisksIT {
  private static final int NOBODY = 65534;

  @TempDir Path directory;

  @BeforeAll
  static void a_machine_can_be_started() throws Exception {
    Guest.prepare();
  }

  /** The programs that the user runs, and a directory to write to. */
  @BeforeEach
  void give_the_user_a_place() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(Path.of(BuiltProgram.path()), program(), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectory(home());
    if (isRoot()) {
      Files.setAttribute(home(), "unix:uid", NOBODY);
      Files.setAttribute(home(), "unix:gid", NOBODY);
    }
  }

  private Path program() {
    return directory.resolve("keg");
  }

  private Path home() {
    return directory.resolve("home");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private String keg(String... arguments) throws Exception {
    var line = new ArrayList<String>();
    if (isRoot()) {
      String id = Integer.toString(NOBODY);
      line.addAll(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
    }
    line.addAll(List.of(program().toString(), "--root", home().resolve("root").toString()));
    line.addAll(List.of(arguments));
    return run(line.toArray(String[]::new));
  }

  private void create(String name) throws Exception {
    keg("create", "-d", "image", "-o", "format=qcow2", "-o", "size=64m", name);
    assertThat(Files.getAttribute(Path.of(disk(name)), "unix:uid")).isNotEqualTo(0);
  }

  /** The content of a file on a volume's disk, read without a mount. */
  private String content(String volume, String file) throws Exception {
    Path raw = directory.resolve(volume + ".raw");
    run("qemu-img", "convert", "-O", "raw", disk(volume), raw.toString());
    return run("debugfs", "-R", "cat " + file, raw.toString());
  }

  private String disk(String volume) throws Exception {
    return keg("inspect", "--format", "{{.Status.disk}}", volume).strip();
  }

  private static String run(String... line) throws Exception {
    Outcome outcome =
        new ProcessRunner(
                List.of(line),
                Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin"),
                Duration.ofMinutes(1))
            .run(new Invocation(List.of(), "", Map.of()));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  @ParameterizedTest
  @CsvSource({
    "pc,  ''",
    "q35, '-device pcie-root-port,id=rp1,chassis=1,slot=1'",
  })
  void a_disk_is_put_into_a_machine_that_runs_and_taken_out_again(String type, String ports)
      throws Exception {
    create("data");
    Path socket = directory.resolve("qmp.sock");
    String qmp = "-qmp unix:" + socket + ",server=on,wait=off " + ports;

    try (Guest guest = Guest.start(new Arguments(type, qmp), PLUGGED, directory)) {
      guest.await("READY");
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThat(keg("attach", "--qmp", socket.toString(), "data", "vm1")).isEqualTo("vda\n");
      assertThat(guest.await("SERIAL")).endsWith("data");
      guest.await("WRITTEN");
      keg("detach", "--qmp", socket.toString(), "data", "vm1");
      guest.await("GONE");
      guest.end();
    }

    assertThat(content("data", "/from-guest")).isEqualTo("hot\n");
    run("qemu-img", "check", "-q", disk("data"));
    assertThat(keg("ls", "--filter", "status=available", "-q")).isEqualTo("data\n");
  }

  private static final String PLUGGED =
      """
      modprobe virtio_blk
      echo READY
      until [ -b /dev/vda ]; do sleep 0.1; done
      echo "SERIAL $(cat /sys/block/vda/serial)"
      mkdir -p /mnt/d
      mount -t ext4 /dev/vda /mnt/d
      echo hot >/mnt/d/from-guest
      umount /mnt/d
      echo WRITTEN
      while [ -b /dev/vda ]; do sleep 0.1; done
      echo GONE
      sleep 1
      """;

  @Test
  void a_machine_has_its_disks_and_shares_where_the_documents_say() throws Exception {
    create("data");
    create("reference");
    keg("attach", "data", "vm1");
    keg("attach", "--read-only", "reference", "vm1");
    Path share = Files.createDirectory(directory.resolve("a share, odd"));
    Files.writeString(share.resolve("from-host"), "host\n");
    String[] specs = {"-v", share + ":/mnt/rw", "-v", share + ":/mnt/ro:ro"};
    Path fstab = Files.writeString(directory.resolve("fstab"), render("fstab", specs));
    Path cloud = Files.writeString(directory.resolve("user-data"), render("cloud-init", specs));
    Arguments arguments = new Arguments("q35", render("qemu", specs).replace('\n', ' '));

    try (Guest guest = Guest.start(arguments, BOOTED.formatted(UDEV, fstab, cloud), directory)) {
      guest.await("WRITTEN");
      guest.end();
    }

    assertThat(content("data", "/from-guest")).isEqualTo("fstab\ncloud-init\n");
    assertThat(share.resolve("from-guest")).hasContent("fstab\ncloud-init");
    run("qemu-img", "check", "-q", disk("data"));
  }

  private String render(String document, String... specs) throws Exception {
    var line = new ArrayList<>(List.of("render", document, "--vm", "vm1"));
    line.addAll(List.of(specs));
    return keg(line.toArray(String[]::new));
  }

  /** A substitute for udev's storage rules, which the machine lacks. */
  private static final String UDEV =
      """
      mkdir -p /dev/disk/by-id
      for disk in /sys/block/vd*; do
        serial=$(cat $disk/serial)
        if [ "$serial" ]; then ln -sf /dev/${disk##*/} /dev/disk/by-id/virtio-$serial; fi
      done
      """;

  /**
   * The machine has its own disk in front, a root disk from Keg, two disks of which one is a copy
   * of the other, one that is plugged in while it runs, and a share. Each has a marker file.
   */
  @ParameterizedTest
  @CsvSource({"orders copy logs, ''", "logs orders copy, ''", "copy extra logs orders, extra"})
  void each_disk_is_on_its_own_mount_point(String attached, String detached) throws Exception {
    mark("orders", "ext4");
    keg("clone", "orders", "copy");
    mark("copy", "");
    mark("logs", "ext4");
    mark("extra", "ext4");
    mark("hot", "ext4");
    mark("system", "ext4");
    for (String name : attached.split(" ", -1)) {
      keg("attach", name, "vm1");
    }
    keg("attach", "--drive-id", "rootfs", "system", "vm1");
    if (!detached.isEmpty()) {
      keg("detach", detached, "vm1");
    }
    Path share = Files.createDirectory(directory.resolve("share"));
    Files.writeString(share.resolve("marker"), "share\n");
    Path own = Files.write(directory.resolve("own"), new byte[1 << 20]);
    Path socket = directory.resolve("qmp.sock");
    String arguments = render("qemu", "-v", share + ":/mnt/share:ro").replace('\n', ' ');
    Arguments machine =
        new Arguments(
            "q35",
            "-drive file=%s,format=raw,if=virtio %s -device pcie-root-port,id=rp1,chassis=1,slot=1"
                    .formatted(own, arguments)
                + " -qmp unix:%s,server=on,wait=off".formatted(socket));

    String script = EACH.formatted(UDEV, directory, UDEV);
    for (String document : List.of("fstab", "cloud-init")) {
      Files.writeString(
          directory.resolve(document), render(document, "-v", share + ":/mnt/share:ro"));
    }
    try (Guest guest = Guest.start(machine, script, directory)) {
      guest.await("READY");
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      keg("attach", "--qmp", socket.toString(), "hot", "vm1");
      Path lines = directory.resolve("lines");
      Files.writeString(lines, render("fstab", "-v", share + ":/mnt/share:ro"));
      Files.move(lines, share.resolve("fstab"), StandardCopyOption.ATOMIC_MOVE);
      guest.await("DONE");
      guest.end();
    }
  }

  /** Writes a file with the volume's name to its disk, which is formatted first if requested. */
  private void mark(String name, String fileSystem) throws Exception {
    if (!fileSystem.isEmpty()) {
      keg(
          "create",
          "-d",
          "image",
          "-o",
          "format=raw",
          "-o",
          "size=16m",
          "-o",
          "fs=" + fileSystem,
          name);
    }
    Path marker = Files.writeString(directory.resolve("marker-" + name), name + "\n");
    run("debugfs", "-w", "-R", "rm marker", disk(name));
    run("debugfs", "-w", "-R", "write " + marker + " marker", disk(name));
  }

  private static final String EACH =
      """
      modprobe -a virtio_blk 9p 9pnet_virtio
      %1$s
      cp %2$s/fstab /run/fstab
      grep '^  - \\["' %2$s/cloud-init | sed 's/^  - \\["//; s/"\\]$//; s/", "/ /g' >/run/cloud-init
      check() {
        mkdir -p $(cut -d' ' -f2 $1)
        mount -a -T $1
        if grep -e vd -e rootfs $1; then exit 1; fi
        for place in $(cut -d' ' -f2 $1); do
          [ "$(cat $place/marker)" = ${place##*/} ] || { echo "wrong disk on $place"; exit 1; }
        done
        if touch /mnt/share/x 2>/dev/null; then exit 1; fi
        umount $(cut -d' ' -f2 $1)
      }
      check /run/fstab
      check /run/cloud-init
      echo READY
      mkdir -p /run/share
      mount -t 9p -o trans=virtio,version=9p2000.L mount0 /run/share
      until [ -s /run/share/fstab ]; do sleep 0.2; done
      cp /run/share/fstab /run/plugged
      umount /run/share
      until grep -q '^hot$' /sys/block/vd*/serial; do sleep 0.2; done
      %3$s
      check /run/plugged
      echo DONE
      """;

  /** The lines of cloud-init are those of its fstab in another notation, and are used as such. */
  private static final String BOOTED =
      """
      modprobe -a virtio_blk 9p 9pnet_virtio
      %s
      cp %s /run/fstab
      grep '^  - \\["' %s | sed 's/^  - \\["//; s/"\\]$//; s/", "/ /g' >/run/cloud-init
      for lines in fstab cloud-init; do
        mkdir -p $(cut -d' ' -f2 /run/$lines)
        mount -a -T /run/$lines
        cat /mnt/rw/from-host /mnt/ro/from-host
        echo $lines >>/mnt/data/from-guest
        echo $lines >>/mnt/rw/from-guest
        if touch /mnt/reference/x /mnt/ro/x; then exit 1; fi
        [ ! -e /mnt/ro/x ] && [ ! -e /mnt/reference/x ]
        umount /mnt/data /mnt/reference /mnt/rw /mnt/ro
      done
      echo WRITTEN
      """;
}
