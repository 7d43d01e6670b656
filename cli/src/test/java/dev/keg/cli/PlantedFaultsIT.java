package dev.keg.cli;

import static dev.keg.cli.Fault.fault;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plants each fault that {@code keg check} knows in a new root: faults of files in memory, faults
 * of images, mounts and devices on this machine.
 */
class PlantedFaultsIT {
  private static final String[] BACKUPS = {"--max-age", "1d", "--repo", "/repo"};
  private static final int CLUSTER = 1 << 16;

  @RegisterExtension final MachineState machine = new MachineState();

  static Stream<Fault> ofFiles() {
    return Stream.of(
        fault("a volume's data is gone", bed -> Files.delete(bed.file("volumes/idle/_data"))),
        fault(
            "a volume's description is no JSON",
            bed -> Files.writeString(bed.file("volumes/idle/volume.json"), "{")),
        fault(
            "a volume's description is empty after a power failure",
            bed -> Files.write(bed.file("volumes/idle/volume.json"), new byte[0])),
        fault(
            "a volume's description is a directory",
            bed -> {
              Files.delete(bed.file("volumes/idle/volume.json"));
              Files.createDirectory(bed.file("volumes/idle/volume.json"));
            }),
        fault(
            "a volume has no description",
            bed -> Files.delete(bed.file("volumes/idle/volume.json"))),
        fault(
            "a newer Keg has written a volume",
            bed -> edit(bed.file("volumes/idle/volume.json"), "\"schema\":\\d+", "\"schema\":99")),
        fault(
            "a directory that nobody can name",
            bed -> Files.createDirectory(bed.file("volumes/a b"))),
        fault("a file among the volumes", bed -> Files.createFile(bed.file("volumes/stray"))),
        fault("a holder's record is no JSON", bed -> Files.writeString(bed.record("db"), "{")),
        fault(
            "a container's plan is no JSON",
            bed -> Files.writeString(bed.file("containers/shop.json"), "{")),
        fault(
            "a restore was killed in the middle",
            bed ->
                Files.writeString(
                    bed.file("volumes/idle/restore.json"),
                    "{\"schema\":1,\"inode\":1,\"phase\":\"MOVING_OUT\"}")),
        fault(
            "a copy into a volume in use was killed",
            bed -> Files.createDirectories(bed.file("volumes/db/_data/.keg-cp-2f/etc"))),
        fault(
            "a drill was killed",
            bed -> {
              Path scratch = bed.file("volumes/drill.db.0123abcd");
              Files.move(bed.file("volumes/idle"), scratch);
              edit(scratch.resolve("volume.json"), "\"idle\"", "\"drill.db.0123abcd\"");
              Files.createFile(scratch.resolve("drill.lock"));
            }),
        fault(
            "a snapshot's description is no JSON",
            bed -> {
              bed.must("snapshot", "create", "idle", "one");
              Files.writeString(bed.file("volumes/idle/snapshots/one/snapshot.json"), "{");
            }),
        fault(
            "the tuning of a volume is no JSON",
            bed -> Files.writeString(bed.file("volumes/idle/tuning.json"), "{")),
        fault("the policies are no JSON", bed -> Files.writeString(bed.file("policy.json"), "{")),
        fault("an older Keg let others pass the root", bed -> permit(bed.root(), "rwx--x--x")),
        fault("others may enter the root", bed -> permit(bed.root(), "rwxr-xr-x")),
        fault(
            "others may enter the directory of volumes",
            bed -> permit(bed.file("volumes"), "rwxr-xr-x")),
        fault(
            "the directory of volumes belongs to somebody else",
            bed -> {
              UserPrincipalLookupService users =
                  bed.root().getFileSystem().getUserPrincipalLookupService();
              Files.setOwner(bed.file("volumes"), users.lookupPrincipalByName("mallory"));
            }),
        fault("the machine has rebooted", PlantedFaultsIT::reboot),
        fault(
            "the disk of the root has failed to read",
            bed -> ((FaultBed.Memory) bed).keg().system().fail("I/O error, dev sda, sector 8")),
        fault("a volume was never backed up", bed -> bed.must("create", "new")).with(BACKUPS),
        fault(
                "backups are no longer made",
                bed -> {
                  ((FaultBed.Memory) bed).keg().wait(Duration.ofDays(2));
                  bed.must("backup", "--to", "/repo", "--quiet", "db", "web");
                })
            .with(BACKUPS),
        fault(
                "no backup was ever verified",
                bed -> ((FaultBed.Memory) bed).keg().wait(Duration.ofDays(2)))
            .with("--max-unverified", "1d", "--repo", "/repo"),
        fault(
                "backups are no longer verified",
                bed -> {
                  assertThat(bed.keg("verify", "--repo", "/repo").exit()).isZero();
                  ((FaultBed.Memory) bed).keg().wait(Duration.ofDays(2));
                  bed.must("backup", "--to", "/repo", "--all", "--quiet");
                  assertThat(bed.keg("verify", "--repo", "/repo", "db", "web").exit()).isZero();
                })
            .with("--max-unverified", "1d", "--repo", "/repo"),
        fault(
                "the newest backup is damaged",
                bed -> {
                  for (Path object : files(bed.beside("repo").resolve("data/idle"))) {
                    Files.write(object, new byte[100]);
                  }
                  assertThat(bed.keg("verify", "--repo", "/repo", "idle").exit()).isEqualTo(1);
                })
            .with(BACKUPS));
  }

  static Stream<Fault> ofMachine() {
    return Stream.of(
        fault(
            "a holder's record is lost",
            bed -> {
              bed.image();
              bed.must("mount", "db");
              Files.delete(bed.record("db"));
            }),
        fault("a mount was undone without Keg", bed -> run("umount", bed.target())),
        fault(
            "a mount of a container was undone without Keg",
            bed -> {
              bed.must("create", "web");
              Path rootfs = Files.createDirectory(bed.beside("rootfs"));
              bed.must("mount", "--container", "shop", "--rootfs", "" + rootfs, "-v", "web:/data");
              run("umount", rootfs.resolve("data"));
            }),
        fault(
            "another program mounts something in a volume",
            bed -> {
              bed.must("create", "web");
              run("mount", "-t", "tmpfs", "theirs", bed.file("volumes/web/_data"));
            }),
        fault("an image is gone", bed -> Files.delete(bed.image())),
        fault("a disk is gone", bed -> Files.delete(bed.disk("raw"))),
        fault("an adopted disk is gone", bed -> Files.delete(bed.adopted())),
        fault(
            "the directory of a bind volume is gone",
            bed -> {
              Path source = Files.createDirectory(bed.beside("source"));
              bed.must("create", "-d", "bind", "-o", "source=" + source, "site");
              Files.delete(source);
            }),
        fault(
            "a device shows an image and nothing uses it",
            bed -> run("losetup", "-f", bed.image())),
        fault(
            "a device shows an image that was deleted",
            bed -> {
              run("losetup", "-f", bed.image());
              run("rm", "-r", bed.file("volumes/db"));
            }),
        fault(
            "a copy into a mounted image was killed",
            bed -> {
              bed.image();
              bed.must("mount", "db");
              Files.createDirectory(bed.file("volumes/db/_data/.keg-cp-2f"));
            }),
        fault(
            "a backup of a disk was killed",
            bed -> Files.createFile(bed.disk("raw").resolveSibling(".disk.raw.keg-copy"))),
        fault(
            "a backup of an adopted disk was killed",
            bed -> {
              Path disk = bed.adopted();
              Files.createFile(disk.resolveSibling("." + disk.getFileName() + ".keg-copy"));
            }),
        fault(
                "a file system in an image is damaged",
                bed -> run("debugfs", "-w", "-R", "clri <2>", bed.image()))
            .with("--deep"),
        fault(
                "a file system on a raw disk is damaged",
                bed -> run("debugfs", "-w", "-R", "clri <2>", bed.disk("raw")))
            .with("--deep"),
        fault("a qcow2 disk has lost its header", bed -> write(bed.disk("qcow2"), 0, new byte[512]))
            .with("--deep"),
        fault(
                "a qcow2 disk has a wrong count of references",
                bed -> write(bed.disk("qcow2"), 2 * CLUSTER, new byte[2]))
            .with("--deep"),
        fault(
                "a qcow2 disk has a cluster that nothing refers to",
                bed -> {
                  Path disk = bed.disk("qcow2");
                  write(disk, 9 * CLUSTER, new byte[1]);
                  write(disk, 2 * CLUSTER + 2 * 8, new byte[] {0, 1});
                })
            .with("--deep"),
        fault(
            "a volume is full of bytes",
            bed -> {
              bed.image();
              bed.must("mount", "db");
              fill(bed.file("volumes/db/_data"));
            }),
        fault(
            "a volume is full of inodes",
            bed -> {
              bed.must("create", "-d", "tmpfs", "-o", "nr_inodes=20", "db");
              bed.must("mount", "db");
              for (int i = 0; i < 19; i++) {
                Files.createFile(bed.file("volumes/db/_data/" + i));
              }
            }),
        fault(
            "the file system of the root is full of bytes",
            bed -> fill(bed.file("volumes/held/_data"))),
        fault(
            "the file system of the root is full of inodes",
            bed -> {
              for (int i = 0; i < 260; i++) {
                Files.createFile(bed.file("volumes/held/_data/" + i));
              }
            }));
  }

  @Test
  void all_of_the_table_are_planted() {
    assertThat(Stream.concat(ofFiles(), ofMachine()).map(Fault::what))
        .containsExactlyInAnyOrderElementsOf(Fault.TABLE.keySet())
        .hasSize(49);
  }

  @ParameterizedTest
  @MethodSource("ofFiles")
  void a_fault_of_files(Fault fault) throws Exception {
    var keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");
    FaultBed bed = new FaultBed.Memory(keg, keg.files().getPath("/keg"));
    for (String directory : List.of("/mnt/db", "/rootfs/data", "/repo")) {
      Files.createDirectories(keg.files().getPath(directory));
    }
    for (String name : List.of("db", "idle", "web")) {
      bed.must("create", name);
    }
    bed.must("mount", "db", "/mnt/db");
    bed.must("mount", "--container", "shop", "--rootfs", "/rootfs", "-v", "web:/data");
    bed.must("backup", "--to", "/repo", "--all", "--quiet");

    fault.verify(bed);
  }

  @ParameterizedTest
  @MethodSource("ofMachine")
  @NeedsRoot
  @NeedsKernel({"loop", "ext4"})
  @NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
  @NeedsTool(value = "qemu-img", from = "qemu-utils")
  void a_fault_of_images_mounts_and_devices(Fault fault) throws Exception {
    Path place = Files.createDirectory(machine.directory().resolve("place"));
    run("mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=300", "place", place);
    try {
      FaultBed bed = new FaultBed.Machine(place.resolve("keg"));
      bed.must("create", "held");
      bed.must("mount", "--mkdir", "held", bed.target().toString());

      fault.verify(bed);
    } finally {
      detach(place);
      run("umount", "--recursive", "--lazy", place);
    }
  }

  /** While the place is mounted: afterwards the owner of the device is unknown. */
  private static void detach(Path place) throws Exception {
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path device : devices) {
        Path image = device.resolve("loop/backing_file");
        if (Files.exists(image) && Files.readString(image).startsWith(place + "/")) {
          run("losetup", "-d", "/dev/" + device.getFileName());
        }
      }
    }
  }

  private static void permit(Path directory, String mode) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
  }

  private static void edit(Path file, String pattern, String replacement) throws IOException {
    String before = Files.readString(file);
    String after = before.replaceAll(pattern, replacement);
    if (!after.equals(before)) {
      Files.writeString(file, after);
    }
  }

  /** Makes all records those of an earlier boot. */
  private static void reboot(FaultBed bed) throws IOException {
    for (Path file : files(bed.root())) {
      edit(file, "\"boot\":\"[^\"]*\"", "\"boot\":\"earlier\"");
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void write(Path file, long at, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  /** Leaves three percent of the file system free. */
  private static void fill(Path directory) throws IOException {
    long bytes = Files.getFileStore(directory).getUsableSpace() * 97 / 100;
    Files.write(directory.resolve("full"), new byte[(int) bytes]);
  }

  private static void run(Object... command) throws Exception {
    List<String> words = Stream.of(command).map(Object::toString).toList();
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", words, said).isZero();
  }
}
