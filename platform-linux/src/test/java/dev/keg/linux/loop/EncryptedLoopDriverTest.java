package dev.keg.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Examines;
import dev.keg.driver.Faults;
import dev.keg.driver.HasDevices;
import dev.keg.driver.HasDevices.IdleDevice;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.linux.SnapshotDriverContract;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class EncryptedLoopDriverTest extends SnapshotDriverContract {
  private Optional<String> phrase = Optional.of("xyzzy");
  private Path keyFile = Path.of("/");

  @BeforeEach
  void makeKey(@TempDir Path elsewhere) throws IOException {
    keyFile = Files.writeString(elsewhere.resolve("key"), "0123456789");
  }

  @Override
  protected DriverFactory factory() {
    return LoopDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "64m", "encrypted", "true");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("key-file", "relative");
  }

  @Override
  protected Secrets secrets() {
    return _ -> phrase.map(String::toCharArray);
  }

  private List<String> cryptsetup() {
    return fake.journal.stream()
        .filter(call -> call.startsWith("cryptsetup"))
        .map(call -> call.replace(root.toString(), "ROOT").replaceAll("keg-[0-9a-f-]{36}", "NAME"))
        .map(call -> call.replaceAll("keg-new-\\d+-\\d+", "NEW"))
        .toList();
  }

  @Test
  void an_image_is_formatted_and_a_file_system_made_inside() throws IOException {
    Subject db = create("db");

    assertThat(db.home().file("disk.img")).hasSize((64 << 20) + (16 << 20));
    assertThat(cryptsetup())
        .containsExactly(
            "cryptsetup luksFormat --type=luks2 --batch-mode --offset=32768 --key-file=-"
                + " ROOT/staging/db/disk.img",
            "cryptsetup open --type=luks2 --disable-keyring --key-file=- /dev/loop0 NEW",
            "cryptsetup close NEW");
    assertThat(fake.journal).anyMatch(call -> call.matches("mkfs.ext4 .* /dev/mapper/keg-new-.*"));
    assertThat(fake.standing()).isEmpty();
  }

  private Snapshots.Shown show(Subject db) {
    return ((Snapshots) open())
        .show(
            new MountRequest(
                db.volume(),
                db.home(),
                DriverOptions.of(db.volume().name(), db.volume().options(), factory().options()),
                secrets()));
  }

  @Test
  void two_snapshots_are_shown_at_once() throws IOException {
    Subject one = create("one");
    Subject two = create("two");
    fake.journal.clear();

    try (Snapshots.Shown _ = show(one);
        Snapshots.Shown _ = show(two)) {
      assertThat(opened()).doesNotHaveDuplicates().hasSize(2);
      assertThat(cryptsetup()).doesNotContain("cryptsetup close NEW");
    }
    assertThat(fake.standing()).isEmpty();
  }

  private List<String> opened() {
    return fake.journal.stream()
        .filter(call -> call.startsWith("cryptsetup open"))
        .map(call -> call.substring(call.lastIndexOf(' ') + 1))
        .toList();
  }

  /**
   * A copy of btrfs is mounted only after it has got its own identity, which is inside the mapping.
   */
  @Test
  void a_snapshot_of_btrfs_gets_an_identity_inside_the_mapping() throws IOException {
    Subject db = create("db", Map.of("size", "256m", "encrypted", "true", "fs", "btrfs"));
    fake.tools.programs.put("cp", _ -> "");
    fake.journal.clear();
    Path left = Files.createDirectory(db.home().file("shown"));
    Files.createFile(left.resolve("disk.img"));

    try (Snapshots.Shown _ = show(db)) {
      assertThat(fake.journal)
          .anyMatch(call -> call.matches("btrfstune -f -m /dev/mapper/keg-new-.*"));
      assertThat(left).doesNotExist();
    }
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void the_pass_phrase_goes_through_standard_input_only() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(fake.tools.inputs).contains("xyzzy");
    assertThat(fake.journal).noneMatch(call -> call.contains("xyzzy"));
    unmount(db);
    assertThat(cryptsetup()).endsWith("cryptsetup close NAME");
  }

  @Test
  void a_mapping_without_a_mount_is_idle_and_can_be_freed() throws IOException {
    Subject db = create("db");
    mount(db);
    Path volumes = db.home().path().resolveSibling("");
    HasDevices driver = (HasDevices) open();
    assertThat(driver.idleDevices(volumes)).isEmpty();

    fake.mounts.forget(db.home().data());

    List<IdleDevice> idle = driver.idleDevices(volumes);
    assertThat(idle).extracting(IdleDevice::file).containsExactly(db.home().file("disk.img"));
    assertThat(idle.getFirst().device().toString()).startsWith("/dev/mapper/keg-");
    driver.free(idle.getFirst());
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void an_encrypted_image_is_not_examined() throws IOException {
    Subject db = create("db");

    assertThat(((Examines) open()).examine(db.volume(), db.home(), Duration.ofSeconds(1)))
        .isEqualTo(new Examines.Examined.Skipped("it is encrypted"));
  }

  @Test
  void a_key_file_is_named() throws IOException {
    Subject db =
        create("db", Map.of("size", "64m", "encrypted", "true", "key-file", keyFile.toString()));
    mount(db);

    assertThat(cryptsetup()).anyMatch(call -> call.contains("--key-file=" + keyFile));
    assertThat(fake.tools.inputs).allMatch(input -> input.isEmpty() || input.startsWith("rmdir"));
  }

  @Test
  void without_a_pass_phrase_there_is_a_remedy() {
    phrase = Optional.empty();

    assertThatThrownBy(() -> create("db"))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: the volume is encrypted: no pass phrase was given")
        .extracting(e -> ((DriverFailed) e).hint().orElse(""))
        .asString()
        .contains("--key-fd");
  }

  @Test
  void a_key_file_that_is_gone_is_an_error() throws IOException {
    Subject db =
        create("db", Map.of("size", "64m", "encrypted", "true", "key-file", keyFile.toString()));
    Files.delete(keyFile);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount db: cannot read the key file: " + keyFile + ": no such file or directory");

    Files.createDirectory(keyFile);
    assertThatThrownBy(() -> mount(db))
        .hasMessage("mount db: cannot read the key file: " + keyFile + ": it is a directory");
  }

  @Test
  void a_wrong_key_is_an_error_that_leaves_nothing() throws IOException {
    Subject db = create("db");
    fake.tools.wrongKey = true;

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: cannot decrypt it: wrong key");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void a_mounted_volume_grows_without_its_key() throws IOException {
    Subject db = create("db");
    mount(db);
    phrase = Optional.empty();
    fake.journal.clear();

    var _ = ((Resizes) open()).resize(db.volume(), db.home(), new Size(128 << 20), Secrets.NONE);

    assertThat(fake.journal)
        .map(call -> call.replaceAll("keg-[0-9a-f-]{36}", "NAME"))
        .containsSubsequence(
            "LOOP_SET_CAPACITY /dev/loop0", "cryptsetup resize NAME", "resize2fs /dev/mapper/NAME");
  }

  @Test
  void the_mapping_of_a_killed_mount_does_not_survive_a_resize() throws IOException {
    for (int size : new int[] {32, 128}) {
      Subject db = create("db" + size);
      leaveMapping(db);

      ((Resizes) open()).resize(db.volume(), db.home(), new Size((long) size << 20), secrets());

      assertThat(fake.standing()).isEmpty();
    }
  }

  private void leaveMapping(Subject volume) throws IOException {
    for (int call = 1; fake.standing().stream().noneMatch(s -> s.startsWith("mapping")); call++) {
      fake.faults().killAt(call);
      assertThatThrownBy(() -> mount(volume)).isInstanceOf(Faults.Killed.class);
      fake.faults().heal();
    }
    assertThat(fake.standing()).noneMatch(s -> s.startsWith("mount"));
  }
}
