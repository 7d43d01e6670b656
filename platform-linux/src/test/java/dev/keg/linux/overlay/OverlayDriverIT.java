package dev.keg.linux.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.TreePath;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsRoot
@NeedsKernel("overlay")
class OverlayDriverIT {
  @RegisterExtension final MachineState machine = new MachineState();

  /** A root whose path contains the character that ends a directory for overlayfs. */
  private RealDriver driver() throws IOException {
    return new RealDriver(
        OverlayDriver.factory(Kernel::open),
        Files.createDirectory(machine.directory().resolve("a:b\\c")));
  }

  private static VolumeHome base(RealDriver driver) throws IOException {
    VolumeHome base = driver.home("base");
    Files.createDirectories(base.data());
    Files.writeString(base.data().resolve("kept"), "old");
    Files.writeString(base.data().resolve("changed"), "old");
    Files.writeString(base.data().resolve("deleted"), "old");
    Files.setAttribute(base.data(), "unix:mode", 01770);
    Files.setAttribute(base.data(), "unix:uid", 33);
    return base;
  }

  @Test
  void what_is_written_stays_in_the_copy() throws IOException {
    RealDriver driver = driver();
    Path lower = base(driver).data();
    Made made = driver.create("db", Map.of("lower", "base"));

    driver.mount(made);
    Path data = made.data();
    assertThat(made.mounted().type()).isEqualTo("overlay");
    assertThat(Files.getAttribute(data, "unix:uid")).isEqualTo(33);
    assertThat((int) Files.getAttribute(data, "unix:mode") & 07777).isEqualTo(01770);
    Files.writeString(data.resolve("changed"), "new");
    Files.delete(data.resolve("deleted"));
    Files.writeString(data.resolve("made"), "new");
    driver.unmount(made);

    assertThat(made.data()).isEmptyDirectory();
    assertThat(lower.resolve("changed")).hasContent("old");
    assertThat(lower.resolve("deleted")).hasContent("old");
    assertThat(lower.resolve("made")).doesNotExist();
    driver.mount(made);
    assertThat(data.resolve("kept")).hasContent("old");
    assertThat(data.resolve("changed")).hasContent("new");
    assertThat(data.resolve("made")).hasContent("new");
    assertThatThrownBy(() -> Files.readString(data.resolve("deleted")))
        .isInstanceOf(NoSuchFileException.class);
    driver.unmount(made);
    driver.remove(made);
    assertThat(made.home().path()).doesNotExist();
  }

  @Test
  void a_snapshot_shows_what_was_deleted_and_replaced() throws IOException {
    RealDriver driver = driver();
    Path lower = base(driver).data();
    Files.createDirectories(lower.resolve("dir/below"));
    Made made = driver.create("db", Map.of("lower", "base"));
    driver.mount(made);
    Files.writeString(made.data().resolve("changed"), "new");
    Files.delete(made.data().resolve("deleted"));
    Files.delete(made.data().resolve("dir/below"));
    Files.delete(made.data().resolve("dir"));
    Files.createDirectory(made.data().resolve("dir"));
    driver.unmount(made);
    Snapshots power = (Snapshots) driver.driver();
    VolumeHome home = new VolumeHome(Files.createDirectories(made.home().file("snapshots/one")));

    power.snapshot(made.volume(), made.home(), home);

    driver.mount(made);
    Files.writeString(made.data().resolve("changed"), "later");
    MountRequest request =
        new MountRequest(made.volume(), home, driver.options(made.volume()), Secrets.NONE);
    try (Snapshots.Shown shown = power.show(request)) {
      assertThat(shown.data().resolve("changed")).hasContent("new");
      assertThat(shown.data().resolve("kept")).hasContent("old");
      assertThat(shown.data().resolve("deleted")).doesNotExist();
      assertThat(shown.data().resolve("dir")).isEmptyDirectory();
      assertThatThrownBy(() -> Files.writeString(shown.data().resolve("kept"), "no"))
          .hasMessageContaining("Read-only");
    }
    driver.unmount(made);
  }

  /** The pages of a file on overlayfs are those of the file below. */
  @Test
  void what_is_in_memory_of_a_file_is_reported() throws IOException {
    RealDriver driver = driver();
    base(driver);
    Made made = driver.create("db", Map.of("lower", "base"));
    driver.mount(made);

    try (FileTree tree = new LinuxFileTrees().read(made.data());
        OpenFile file = tree.open(TreePath.ROOT.child(ByteString.utf8("kept"))).orElseThrow()) {
      assertThat(file.read(ByteBuffer.allocateDirect(3), 0)).isEqualTo(3);
      assertThat(file.cached(3)).hasValue(3);
    }
    driver.unmount(made);
  }

  @Test
  @NeedsTool(value = "setfacl", from = "acl")
  void attributes_of_the_root_are_those_of_the_lower_volume() throws Exception {
    InstalledTools tools = new InstalledTools(System.getenv(), _ -> {});
    RealDriver driver = driver();
    Path lower = base(driver).data();
    tools.run(Tool.of("setfacl", "-m", "u:44:rwx,d:g:45:r-x", lower.toString()));
    tools.run(Tool.of("setfattr", "-n", "user.note", "-v", "kept", lower.toString()));

    Made made = driver.create("db", Map.of("lower", "base"));
    driver.mount(made);

    assertThat(tools.run(Tool.of("getfacl", "-cnp", made.data().toString())))
        .contains("user:44:rwx", "default:group:45:r-x")
        .isEqualTo(tools.run(Tool.of("getfacl", "-cnp", lower.toString())));
    assertThat(tools.run(Tool.of("getfattr", "-n", "user.note", made.data().toString())))
        .contains("\"kept\"");
    driver.unmount(made);
  }

  @Test
  void two_copies_of_one_volume_do_not_see_each_other() throws IOException {
    RealDriver driver = driver();
    base(driver);
    Made one = driver.create("one", Map.of("lower", "base"));
    Made two =
        driver.create(
            "two",
            Map.of("lower", "base"),
            new Ownership(OptionalLong.of(44), OptionalLong.empty(), OptionalInt.of(0700)));
    driver.mount(one);
    driver.mount(two);

    Files.writeString(one.data().resolve("kept"), "one");

    assertThat(two.data().resolve("kept")).hasContent("old");
    assertThat(Files.getAttribute(two.data(), "unix:uid")).isEqualTo(44);
    driver.unmount(one);
    driver.unmount(two);
  }
}
