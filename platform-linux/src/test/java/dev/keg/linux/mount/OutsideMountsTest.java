package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutsideMountsTest {
  private static final Path VOLUMES = Path.of("/var/lib/keg/volumes");

  /** The file system of the root, and one mounted on {@code /var}. */
  private static final String HOST =
      """
      20 1 254:0 / / rw shared:1 - ext4 /dev/vda rw
      21 20 254:1 /@var /var rw shared:2 - btrfs /dev/vdb rw
      """;

  @TempDir Path sys;

  private List<String> find(String own, Map<Long, String> others) throws IOException {
    return new OutsideMounts(VOLUMES, table(HOST + own), new BlockDevices(sys, sys.resolve("proc")))
            .find(
                others.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> table(entry.getValue()))))
            .stream()
            .map(mount -> VOLUMES.relativize(mount.of()) + " at " + mount)
            .sorted()
            .toList();
  }

  private static ProcMounts table(String text) {
    try {
      return ProcMounts.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_bind_mount_is_found_by_its_file_system_and_root() throws IOException {
    assertThat(
            find(
                """
                30 20 254:1 /@var/lib/keg/volumes/db/_data /srv/db rw - btrfs /dev/vdb rw
                31 20 254:1 /@var/lib/keg/volumes/db/_data/sub /srv/sub rw - btrfs /dev/vdb rw
                32 20 254:0 /@var/lib/keg/volumes/db/_data /other rw - ext4 /dev/vda rw
                33 20 254:1 /@var/lib/keg/volumes /all rw - btrfs /dev/vdb rw
                34 20 254:1 /@var/lib/keg/trash/db/_data//deleted /gone rw - btrfs /dev/vdb rw
                """,
                Map.of()))
        .containsExactly("db/_data at /srv/db", "db/_data/sub at /srv/sub");
  }

  @Test
  void one_in_another_namespace_is_found_unless_it_is_a_copy_of_one_here() throws IOException {
    assertThat(
            find(
                """
                30 20 254:1 /@var/lib/keg/volumes/db/_data /srv/db rw shared:7 - btrfs /dev/vdb rw
                """,
                Map.of(
                    77L,
                    """
                    90 80 254:1 /@var/lib/keg/volumes/db/_data /host/srv/db rw master:8 - btrfs b rw
                    91 80 254:1 /@var/lib/keg/volumes/db/_data /x rw master:7 shared:8 - btrfs b rw
                    92 80 254:1 /@var/lib/keg/volumes/web/_data /data rw - btrfs /dev/vdb rw
                    """)))
        .containsExactly("db/_data at /srv/db", "web/_data at /data (seen by process 77)");
  }

  @Test
  void a_file_system_in_a_volume_is_found_by_the_file_that_its_device_shows() throws IOException {
    device("dev/block/7:3", "loop/backing_file", VOLUMES + "/disk/disk.img\n");
    device("dev/block/7:4", "loop/backing_file", VOLUMES + "/gone/disk.img (deleted)\n");
    device("dev/block/7:5", "loop/backing_file", "/home/disk.img\n");
    device("dev/block/7:7", "loop/backing_file", ""); // while it is detached
    device("dev/block/253:0/slaves/loop4", "loop/backing_file", VOLUMES + "/secret/disk.img\n");
    device("dev/block/7:6", "loop/backing_file", "/dev/nbd1\n");
    device("class/block/nbd1", "pid", "98\n");
    Files.createDirectories(sys.resolve("proc/98"));
    Files.writeString(
        sys.resolve("proc/98/cmdline"),
        "qemu-nbd\0--image-opts\0driver=qcow2,encrypt.key-secret=key,file.driver=file,file.filename="
            + VOLUMES
            + "/part/a,,b\0");
    device("class/block/loop1000", "loop/backing_file", VOLUMES + "/b/snapshots/one/disk.img\n");
    device("dev/block/43:0", "pid", "99\n");
    Files.createDirectories(sys.resolve("proc/99"));
    Files.writeString(
        sys.resolve("proc/99/cmdline"), "qemu-nbd\0--\0" + VOLUMES + "/image/disk.qcow2\0");

    assertThat(
            find(
                """
                30 20 7:3 / /a rw - ext4 /dev/loop3 rw
                31 20 7:4 / /b rw - ext4 /dev/loop4 rw
                32 20 7:5 / /c rw - ext4 /dev/loop5 rw
                33 20 253:0 / /d rw - ext4 /dev/mapper/keg rw
                34 20 43:0 / /e rw - ext4 /dev/nbd0 rw
                36 20 7:6 / /g rw - ext4 /dev/loop6 rw
                39 20 7:7 / /j rw - ext4 /dev/loop7 rw
                38 20 0:52 / /h ro - overlay overlay ro,lowerdir=/var/lib/keg/volumes/o\\134:v/upper:/x
                37 20 0:51 / /i rw - btrfs /dev/loop1000 rw
                35 20 0:50 / /f rw - overlay overlay rw,upperdir=/var/lib/keg/volumes/ov/upper
                """,
                Map.of()))
        .containsExactly(
            "b/snapshots/one/disk.img at /i",
            "disk/disk.img at /a",
            "gone/disk.img at /b",
            "image/disk.qcow2 at /e",
            "o:v/upper at /h",
            "ov/upper at /f",
            "part/a,b at /g",
            "secret/disk.img at /d");
  }

  private void device(String name, String file, String content) throws IOException {
    Path path = sys.resolve(name).resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  @Test
  void what_is_mounted_in_the_directory_itself_is_left_to_those_who_look_there()
      throws IOException {
    assertThat(
            find(
                """
                30 21 0:60 / /var/lib/keg/volumes/mem/_data rw - tmpfs tmpfs rw
                31 20 0:60 / /srv/mem rw - tmpfs tmpfs rw
                32 30 0:61 / /var/lib/keg/volumes/db/_data/cache rw - tmpfs tmpfs rw
                33 20 0:61 / /srv/cache rw - tmpfs tmpfs rw
                """,
                Map.of()))
        .containsExactly("mem/_data at /srv/mem");
  }
}
