package dev.keg.windows.vhdx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keg.driver.Adopts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.error.VolumeException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of all drivers, on an encrypted disk, whose recovery keys are outside the home. */
final class VhdxEncryptionTest extends DriverContract {
  private static final String RECOVERY_KEY =
      "111111-222222-333333-444444-555555-666666-777777-888888";

  private FakeWindows windows;
  private Path keyFile;
  private Path recovery;
  private Secrets secrets = Secrets.NONE;

  @BeforeEach
  void windows(@TempDir Path contents, @TempDir Path keys) throws IOException {
    windows = new FakeWindows(contents);
    keyFile = Files.writeString(keys.resolve("key"), "horse battery staple\r\n");
    recovery = Files.createDirectory(keys.resolve("recovery"));
  }

  @Override
  protected DriverFactory factory() {
    return VhdxDriver.factory(() -> windows);
  }

  @Override
  protected FakeWorld world() {
    return windows;
  }

  private List<Path> recoveryKeys() {
    try (Stream<Path> files = Files.list(recovery)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Map<String, String> options() {
    return Map.of(
        "size",
        "64m",
        "encrypted",
        "true",
        "key-file",
        keyFile.toString(),
        "recovery",
        recovery.toString());
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "fs", "exfat", "encrypted", "maybe", "key-file", "relative", "recovery", "/no/such/place");
  }

  @Override
  protected Secrets secrets() {
    return secrets;
  }

  private static final Map<String, String> ASKING = Map.of("size", "64m", "encrypted", "true");

  /** A user at a terminal who types this, and sees the output. */
  private static final class Operator implements Secrets {
    String types;
    final List<char[]> typed = new ArrayList<>();
    final List<String> seen = new ArrayList<>();

    Operator(String types) {
      this.types = types;
    }

    @Override
    public Optional<char[]> ask(String prompt) {
      typed.add(types.toCharArray());
      return Optional.of(typed.getLast());
    }

    @Override
    public boolean show(String what, char[] secret) {
      seen.add(what + new String(secret));
      return true;
    }
  }

  @Test
  void it_is_encrypted_whole_before_it_is_published_and_unlocked_at_each_mount()
      throws IOException {
    Subject db = create("db");
    assertThat(windows.calls())
        .containsSubsequence(
            "FormatEx NTFS",
            "Win32_EncryptableVolume.ProtectKeyWithPassphrase",
            "Win32_EncryptableVolume.ProtectKeyWithNumericalPassword",
            "Win32_EncryptableVolume.GetKeyProtectorNumericalPassword",
            "Win32_EncryptableVolume.Encrypt",
            "Win32_EncryptableVolume.GetProtectionStatus",
            "Win32_EncryptableVolume.EnableKeyProtectors",
            "Win32_EncryptableVolume.GetProtectionStatus");
    assertThat(mounts(db)).isEqualTo(1);
    assertThat(mounts(db)).isEqualTo(1);
    windows.reboot();
    assertThat(mounts(db)).isEqualTo(1);
  }

  /** Mounts it twice; returns the number of unlocks. */
  private long mounts(Subject db) {
    int before = windows.calls().size();
    mount(db);
    mount(db);
    unmount(db);
    return windows.calls().stream()
        .skip(before)
        .filter("Win32_EncryptableVolume.UnlockWithPassphrase"::equals)
        .count();
  }

  @Test
  void the_recovery_key_is_saved_for_administrators_only() throws IOException {
    create("db");

    assertThat(recoveryKeys()).hasSize(1);
    Path file = recoveryKeys().getFirst();
    assertThat(file.getFileName().toString()).matches("keg-[0-9a-f-]{36}\\.txt");
    assertThat(Files.readString(file))
        .contains("volume db", "Identifier: {", "Recovery key: " + RECOVERY_KEY);
    assertThat(windows.calls())
        .anyMatch(call -> call.startsWith("SetNamedSecurityInfo " + file + " D:P"));
    assertThat(windows.calls()).noneMatch(call -> call.contains("staple"));
  }

  @Test
  void a_create_that_fails_anywhere_leaves_no_recovery_key() throws IOException {
    boolean fired = true;
    for (int call = 1; fired; call++) {
      String name = "db" + call;
      windows.faults().failAt(call);
      Throwable failure = catchThrowable(() -> create(name));
      fired = windows.faults().fired();
      windows.faults().heal();
      assertThat(recoveryKeys()).as("failed at %d", call).hasSize(failure == null ? 1 : 0);
      for (Path key : recoveryKeys()) {
        Files.delete(key);
      }
    }
  }

  /** Following the note of a volume that was not created would delete another volume's key. */
  @Test
  void no_note_names_a_recovery_key_that_was_there_before() throws IOException {
    create("db");
    Path key = recoveryKeys().getFirst();
    String id = key.getFileName().toString().replaceAll("keg-|\\.txt", "");
    windows.protectorId = Optional.of("{%s}".formatted(id));
    Volume next = volume("next", options());
    VolumeHome home = new VolumeHome(Files.createDirectory(root.resolve("staging/next")));
    CreateRequest request =
        new CreateRequest(next, home, optionsOf(next), Ownership.DEFAULT, secrets);

    assertThatThrownBy(() -> open().create(request)).hasMessageContaining(key.toString());
    open().takeBack(next, home);

    assertThat(key).content().contains("volume db");
  }

  @Test
  void an_operator_types_the_pass_phrase_and_sees_the_recovery_key_once() throws IOException {
    Operator operator = new Operator("horse battery staple");
    secrets = operator;
    Subject db = create("db", ASKING);
    mount(db);
    unmount(db);

    assertThat(operator.seen).containsExactly("Recovery key of volume db: " + RECOVERY_KEY);
    assertThat(operator.typed).hasSize(2).allSatisfy(typed -> assertThat(typed).containsOnly('\0'));
    operator.types = "horse battery";
    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageEndingWith(": wrong key")
        .satisfies(e -> assertThat(hint(e)).contains("whole line"));
    assertThat(windows.standing()).isEmpty();
    operator.types = "";
    assertThatThrownBy(() -> mount(db)).hasMessageEndingWith("the pass phrase is empty");
    operator.types = "short";
    assertThatThrownBy(() -> create("short", ASKING)).hasMessageEndingWith("too short or too long");
  }

  private static String hint(Throwable failure) {
    return ((VolumeException) failure).hint().orElse("");
  }

  @Test
  void without_a_terminal_it_says_what_to_do() throws IOException {
    assertThatThrownBy(() -> create("db", ASKING))
        .hasMessage("create db: the volume is encrypted: no pass phrase was given")
        .satisfies(e -> assertThat(hint(e)).contains("--key-fd 0", "-o key-file=FILE"));
    secrets = _ -> Optional.of("horse battery staple".toCharArray());
    assertThatThrownBy(() -> create("db", ASKING))
        .hasMessageContaining("no terminal that could show its recovery key")
        .satisfies(e -> assertThat(hint(e)).contains("-o recovery=DIRECTORY"));
    Files.delete(keyFile);
    assertThatThrownBy(() -> create("db")).hasMessageContaining("no such file");
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void a_windows_without_bitlocker_says_so() {
    windows.hasBitLocker = false;

    assertThatThrownBy(() -> create("db")).hasMessageEndingWith("this Windows has no BitLocker");
    assertThat(world().standing()).isEmpty();
  }

  @Test
  void a_key_without_encryption_is_refused() {
    assertThatThrownBy(() -> create("db", Map.of("key-file", keyFile.toString())))
        .isInstanceOf(InvalidOption.class)
        .hasMessageContaining("option \"key-file\" is for encrypted volumes");
  }

  @Test
  void a_child_and_an_adopted_disk_are_unlocked_too() throws IOException {
    Subject db = create("db");
    Files.writeString(mount(db).resolve("table"), "rows");
    unmount(db);
    Subject child = create("child", Map.of("parent", "db", "key-file", keyFile.toString()));
    assertThat(mount(child).resolve("table")).hasContent("rows");
    unmount(child);

    Path there = Files.move(db.home().file("disk.vhdx"), root.resolve("there.vhdx"));
    Volume adopted = volume("adopted", Map.of());
    VolumeHome home = new VolumeHome(Files.createDirectory(root.resolve("volumes/adopted")));
    ((Adopts) open())
        .adopt(
            there,
            new CreateRequest(adopted, home, optionsOf(adopted), Ownership.DEFAULT, secrets));
    secrets = new Operator("horse battery staple");
    assertThat(mount(new Subject(adopted, home)).resolve("table")).hasContent("rows");
    unmount(new Subject(adopted, home));
  }

  @Test
  void it_grows_with_its_key_that_is_asked_for_once() throws IOException {
    Operator operator = new Operator("horse battery staple");
    secrets = operator;
    Subject db = create("db", ASKING);
    operator.typed.clear();

    ((Resizes) open()).resize(db.volume(), db.home(), Size.parseBinary("128m"), secrets);

    assertThat(operator.typed)
        .singleElement()
        .satisfies(typed -> assertThat(typed).containsOnly('\0'));
    mount(db);
    assertThat(windows.fileSystem(db.home().file("disk.vhdx"))).isEqualTo("NTFS " + (126L << 20));
    unmount(db);
  }

  @Test
  void a_volume_that_is_not_published_takes_its_recovery_key_along() throws IOException {
    Subject db = create("db");

    open().takeBack(db.volume(), db.home());

    assertThat(recoveryKeys()).isEmpty();
    open().takeBack(db.volume(), db.home());
  }

  @Test
  void a_key_file_may_be_as_powershell_writes_it() throws IOException {
    Files.write(keyFile, "\ufeffhorse battery staple\r\n".getBytes(StandardCharsets.UTF_16LE));
    Subject db = create("db");
    Files.writeString(keyFile, "horse battery staple");

    mount(db);
    unmount(db);
  }
}
