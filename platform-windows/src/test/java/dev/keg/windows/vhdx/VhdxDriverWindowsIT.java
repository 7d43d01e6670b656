package dev.keg.windows.vhdx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.Compacts;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.volume.Size;
import dev.keg.windows.RealWindows;
import dev.keg.windows.WindowsMountTable;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclFileAttributeView;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The driver on the real VirtDisk. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "it needs Windows")
@EnabledIf(
    value = "dev.keg.windows.RealWindows#elevated",
    disabledReason = "it needs to be run as administrator")
final class VhdxDriverWindowsIT extends DriverContract {
  @Override
  protected DriverFactory factory() {
    return VhdxDriver.factory(SystemDlls::new);
  }

  @Override
  protected FakeWorld world() {
    return new RealWindows(root);
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "64m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("size", "5m", "type", "floppy", "fs", "ext4");
  }

  /** Also after a failed test. */
  @AfterEach
  void detach() throws Exception {
    RealWindows real = new RealWindows(root);
    for (String line : real.standing()) {
      Path path = Path.of(line.substring(line.indexOf(' ') + 1));
      if (line.startsWith("mounted ")) {
        real.windows().mountPoints().unmount(path);
      } else {
        real.windows().disks().detach(path);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ntfs,  dynamic, NTFS",
    "ntfs,  fixed,   NTFS",
    "exfat, dynamic, exFAT",
    "fat32, dynamic, FAT32",
  })
  void it_is_formatted_as_asked(String fs, String type, String name) throws IOException {
    Subject db = create("db", Map.of("size", "100m", "fs", fs, "type", type));
    Path data = mount(db);

    assertThat(Files.getFileStore(data).type()).isEqualTo(name);
    Files.writeString(data.resolve("table"), "rows");
    unmount(db);
    assertThat(mount(db).resolve("table")).hasContent("rows");
    unmount(db);
  }

  @Test
  void a_mounted_volume_is_seen_in_the_mount_table() throws IOException {
    Subject db = create("db");
    WindowsMountTable table = new WindowsMountTable();

    String data = mount(db).toString();
    assertThat(table.isMounted(data)).isTrue();
    unmount(db);
    assertThat(table.isMounted(data)).isFalse();
  }

  @Test
  void a_child_begins_as_its_parent_and_outlives_it() throws IOException {
    Subject base = create("base");
    Files.writeString(mount(base).resolve("system"), "v1");
    unmount(base);
    Subject child = create("child", Map.of("parent", "base"));
    mount(base);
    unmount(base);
    remove(base);

    assertThat(mount(child).resolve("system")).hasContent("v1");
    unmount(child);
  }

  @Test
  void it_grows_with_its_file_system() throws IOException {
    Subject db = create("db");
    long before = space(db);

    ((Resizes) open()).resize(db.volume(), db.home(), Size.parseBinary("200m"), Secrets.NONE);

    assertThat(space(db)).isGreaterThan(before + (100L << 20));
  }

  @Test
  void it_is_compacted_and_has_its_data_still() throws IOException {
    Subject db = create("db");
    Files.writeString(mount(db).resolve("file"), "text");
    unmount(db);

    ((Compacts) open()).compact(db.volume(), db.home());

    assertThat(mount(db).resolve("file")).hasContent("text");
    unmount(db);
  }

  private long space(Subject subject) throws IOException {
    try {
      return Files.getFileStore(mount(subject)).getTotalSpace();
    } finally {
      unmount(subject);
    }
  }

  @Test
  void its_data_is_for_its_owner_administrators_and_the_system() throws IOException {
    Subject db = create("db");
    var view =
        Objects.requireNonNull(Files.getFileAttributeView(mount(db), AclFileAttributeView.class));

    assertThat(view.getAcl()).hasSize(3);
    unmount(db);
  }
}
