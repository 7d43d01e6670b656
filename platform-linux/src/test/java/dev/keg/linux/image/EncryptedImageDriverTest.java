package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Compacts;
import dev.keg.driver.Disks;
import dev.keg.driver.Renders;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.kernel.FakeTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted disks, with a pass phrase unless a test uses a key file. */
final class EncryptedImageDriverTest extends NbdDiskContract {
  @Override
  protected Map<String, String> options() {
    return Map.of("size", "8m", "encrypted", "true");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "size", "1m", "type", "fixed", "format", "vhdx", "key-file", "relative", "backing", "no");
  }

  @Override
  protected Secrets secrets() {
    return _ -> Optional.of("xyzzy".toCharArray());
  }

  private Map<String, String> with(String key, Object value) {
    Map<String, String> options = new HashMap<>(options());
    options.put(key, value.toString());
    return options;
  }

  private Subject withFile(String name) throws IOException {
    return create(name, with("key-file", Files.writeString(root.resolve("key"), "plugh")));
  }

  @Test
  void the_pass_phrase_goes_through_standard_input_alone() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(kernel.journal)
        .anyMatch(
            line ->
                line.startsWith(
                    "qemu-img convert -q -f raw -O qcow2 --object secret,id=key,file=/dev/stdin -o"
                        + " encrypt.format=luks,encrypt.key-secret=key "))
        .noneMatch(line -> line.contains("xyzzy"));
    assertThat(kernel.tools.inputs).filteredOn("xyzzy"::equals).hasSize(2);
    unmount(db);
  }

  @Test
  void a_disk_that_is_mounted_already_asks_for_nothing() throws IOException {
    Subject db = create("db");
    mount(db);
    int before = kernel.tools.inputs.size();

    mount(db);

    assertThat(kernel.tools.inputs).hasSize(before);
    unmount(db);
  }

  @Test
  void a_machine_that_is_too_busy_to_be_measured_is_measured_again() throws IOException {
    FakeTools.Program real = Objects.requireNonNull(kernel.tools.programs.get("qemu-img"));
    List<Tool> tries = new ArrayList<>();
    kernel.tools.programs.put(
        "qemu-img",
        tool -> {
          if (tool.toString().contains("encrypt.format=luks") && tries.size() < 3) {
            tries.add(tool);
            throw ToolException.failed(tool, 1, "qemu-img: Unable to get accurate CPU usage");
          }
          return real.run(tool);
        });

    assertThat(create("db").home().file("disk.qcow2")).exists();
    assertThat(tries).hasSize(3);
  }

  @Test
  void a_wrong_key_is_an_error_that_leaves_nothing() throws IOException {
    Subject db = create("db");
    kernel.tools.programs.put(
        "qemu-nbd",
        tool -> {
          throw ToolException.failed(tool, 1, "Invalid password, cannot unlock any keyslot");
        });

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: cannot decrypt it: wrong key");
    assertThat(world().standing()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "\u00e9"})
  void a_key_that_qemu_would_not_read_whole_is_refused(String key) throws IOException {
    Path file = Files.write(root.resolve("key"), key.getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> create("db", with("key-file", file)))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: cannot use the key: QEMU takes only text");
    assertThat(kernel.journal).isEmpty();
  }

  @Test
  void a_machine_gets_the_key_file_and_no_disk_without_one() throws IOException {
    Subject db = withFile("db");
    Subject other = create("other");
    Renders renders = (Renders) open();

    assertThat(renders.machineDisk(db.volume(), db.home()).keyFile()).contains(root.resolve("key"));
    assertThatThrownBy(() -> renders.machineDisk(other.volume(), other.home()))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("other: it is encrypted, and a machine can only have its key");
  }

  @Test
  void it_grows_by_its_key_and_is_not_compacted() throws IOException {
    Subject db = withFile("db");
    kernel.tools.programs.put("qemu-img", _ -> "{}");

    var _ = ((Resizes) open()).resize(db.volume(), db.home(), new Size(16 << 20), Secrets.NONE);

    assertThat(kernel.journal.getLast())
        .startsWith("qemu-img resize -q --object secret,id=key,file=" + root.resolve("key"))
        .contains(" --image-opts driver=qcow2,encrypt.key-secret=key,file.driver=file,")
        .endsWith(" 16777216");
    assertThatThrownBy(() -> ((Compacts) open()).compact(db.volume(), db.home()))
        .isInstanceOf(NotSupported.class)
        .hasMessage("compact db: it is encrypted; blocks that a machine frees are not known");
  }

  @Test
  void it_is_backed_up_encrypted_and_never_copied_by_a_machine() throws IOException {
    Subject db = withFile("db");
    Disks disks = (Disks) open();

    assertThat(disks.whyNoFiles(db.volume(), db.home())).contains("it is encrypted");
    assertThatThrownBy(() -> disks.emptyCopy(db.volume(), db.home()))
        .hasMessageEndingWith("it is encrypted, and the running machine would copy it decrypted");
    assertThatThrownBy(() -> disks.emptyChanges(db.volume(), db.home()))
        .hasMessageEndingWith("it is encrypted, and the running machine would copy it decrypted");
  }

  @ParameterizedTest
  @CsvSource({"from", "backing"})
  void no_other_disk_is_made_of_it(String key) throws IOException {
    create("db");

    assertThatThrownBy(() -> create("copy", Map.of(key, "db")))
        .isInstanceOf(InvalidOption.class)
        .hasMessageEndingWith("disk.qcow2 is encrypted");
  }
}
