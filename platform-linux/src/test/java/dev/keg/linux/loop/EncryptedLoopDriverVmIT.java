package dev.keg.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.fixtures.vm.QuickCryptsetup;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LUKS on a kernel that supports it. */
@NeedsVm
@NeedsTool(value = "cryptsetup", from = "cryptsetup-bin")
class EncryptedLoopDriverVmIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final InstalledTools tools = new InstalledTools(System.getenv(), _ -> {});

  private RealDriver driver() throws IOException {
    return new RealDriver(
        LoopDriver.factory(Kernel::open),
        machine.directory(),
        Map.of("PATH", QuickCryptsetup.path(machine.directory())));
  }

  private RealDriver driver(String phrase) throws IOException {
    return driver().with(_ -> Optional.of(phrase.toCharArray()));
  }

  private static Map<String, String> options(String... more) {
    Map<String, String> options = new HashMap<>(Map.of("size", "64m", "encrypted", "true"));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  private boolean holds(Path image, String text) throws ToolException {
    return !tools.run(Tool.of("grep", "-c", "-a", text, image.toString())).strip().equals("0");
  }

  @Test
  void what_is_written_is_not_to_be_found_in_the_image() throws Exception {
    RealDriver driver = driver("xyzzy");
    Made made = driver.create("db", options());
    Path image = made.home().file("disk.img");

    driver.mount(made);
    assertThat(made.mounted().source()).startsWith("/dev/mapper/keg-");
    Files.writeString(made.data().resolve("file"), "a text that nobody should find");
    driver.unmount(made);
    assertThatThrownBy(() -> holds(image, "a text that nobody should find"))
        .isInstanceOf(ToolException.class);
    assertThat(tools.run(Tool.of("losetup", "-a"))).isEmpty();
    driver.mount(made);
    assertThat(made.data().resolve("file")).hasContent("a text that nobody should find");
    driver.unmount(made);
    driver.remove(made);
  }

  @Test
  void another_pass_phrase_opens_nothing_and_leaves_nothing() throws Exception {
    Made made = driver("xyzzy").create("db", options());

    assertThatThrownBy(() -> driver("plugh").mount(made))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: cannot decrypt it: wrong key");
  }

  @Test
  void a_key_file_serves_and_the_volume_grows_and_shrinks_by_it() throws Exception {
    RealDriver driver = driver();
    Path key = Files.write(machine.directory().resolve("key"), new byte[] {0, 10, 13, 32, -1});
    Made made = driver.create("db", options("key-file", key.toString()));
    Resizes resizes = (Resizes) driver.driver();

    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "text");
    var _ = resizes.resize(made.volume(), made.home(), new Size(128L << 20), Secrets.NONE);
    assertThat(Files.getFileStore(made.data()).getTotalSpace()).isGreaterThan(100L << 20);
    driver.unmount(made);
    var _ = resizes.resize(made.volume(), made.home(), new Size(32L << 20), Secrets.NONE);
    driver.mount(made);

    assertThat(Files.getFileStore(made.data()).getTotalSpace()).isLessThan(32L << 20);
    assertThat(made.data().resolve("file")).hasContent("text");
    driver.unmount(made);
  }

  @Test
  void a_clone_has_the_same_key_and_is_mounted_beside_it() throws Exception {
    RealDriver driver = driver("xyzzy");
    Made made = driver.create("db", options());
    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "text");
    VolumeHome home = driver.home("copy");
    Files.createDirectory(home.path());
    var copy = new Made(made.volume().withName(new VolumeName("copy")), home);

    ((Clones) driver.driver())
        .cloneFrom(
            made.volume(),
            made.home(),
            new CreateRequest(
                copy.volume(),
                home,
                driver.options(copy.volume()),
                Ownership.DEFAULT,
                _ -> Optional.of("xyzzy".toCharArray())));
    driver.mount(copy);

    assertThat(copy.data().resolve("file")).hasContent("text");
    driver.unmount(copy);
    driver.unmount(made);
  }

  @Test
  void what_a_killed_create_left_open_is_closed_by_the_next() throws Exception {
    Path image = machine.directory().resolve("left.img");
    tools.run(Tool.of("truncate", "--size=32M", image.toString()));
    tools.run(
        Tool.of(
                "cryptsetup",
                "luksFormat",
                "--batch-mode",
                "--pbkdf=pbkdf2",
                "--pbkdf-force-iterations=1000",
                "--key-file=-",
                image.toString())
            .withInput(stdin -> stdin.write('x')));
    tools.run(
        Tool.of("cryptsetup", "open", "--key-file=-", image.toString(), "keg-new-4194303")
            .withInput(stdin -> stdin.write('x')));

    driver("xyzzy").create("db", options());

    assertThat(tools.run(Tool.of("dmsetup", "ls"))).doesNotContain("keg-new");
  }
}
