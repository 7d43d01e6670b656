package dev.keg.linux.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsRoot
class BindDriverIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private RealDriver driver() throws IOException {
    return new RealDriver(BindDriver.factory(Kernel::open), machine.directory());
  }

  private Path source() throws IOException {
    return Files.createDirectories(machine.directory().resolve("source"));
  }

  @Test
  void what_is_written_is_in_the_source() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("source", source().toString()));
    driver.mount(made);

    Files.writeString(made.data().resolve("file"), "text");

    assertThat(source().resolve("file")).hasContent("text");
    driver.unmount(made);
    driver.remove(made);
    assertThat(source().resolve("file")).hasContent("text");
  }

  @Test
  void a_read_only_volume_refuses_writes() throws IOException {
    RealDriver driver = driver();
    Made made =
        driver.create("db", Map.of("source", source().toString(), "ro", "", "noexec", "true"));
    driver.mount(made);

    assertThat(made.mounted().options()).contains("ro", "noexec");
    assertThatThrownBy(() -> Files.createFile(made.data().resolve("x")))
        .hasMessageContaining("Read-only");
    driver.unmount(made);
  }

  @Test
  void a_set_user_id_program_gains_nothing_under_nosuid() throws Exception {
    Path program = source().resolve("id");
    Files.copy(Path.of("/usr/bin/id"), program, StandardCopyOption.REPLACE_EXISTING);
    Files.setAttribute(program, "unix:mode", 04755);
    Files.setAttribute(machine.directory(), "unix:mode", 0755);
    RealDriver driver = driver();
    Made suid = driver.create("suid", Map.of("source", source().toString()));
    Made nosuid = driver.create("nosuid", Map.of("source", source().toString(), "nosuid", ""));

    assertThat(effectiveUser(driver.mount(suid))).isEqualTo("0");
    assertThat(effectiveUser(driver.mount(nosuid))).isEqualTo("65534");
    driver.unmount(suid);
    driver.unmount(nosuid);
  }

  private static String effectiveUser(Path directory) throws Exception {
    return new InstalledTools(System.getenv(), _ -> {})
        .run(
            Tool.of(
                "setpriv",
                "--reuid",
                "65534",
                "--clear-groups",
                directory.resolve("id").toString(),
                "-u"))
        .strip();
  }

  @Test
  void a_recursive_bind_is_taken_down_whole() throws Exception {
    Path below = Files.createDirectories(source().resolve("below"));
    InstalledTools tools = new InstalledTools(System.getenv(), _ -> {});
    tools.run(Tool.of("mount", "-t", "tmpfs", "keg", below.toString()));
    Files.createFile(below.resolve("file"));
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("source", source().toString(), "rbind", ""));

    driver.mount(made);
    assertThat(made.data().resolve("below/file")).exists();
    driver.unmount(made);

    assertThat(made.data()).isEmptyDirectory();
    assertThat(below.resolve("file")).exists();
    tools.run(Tool.of("umount", below.toString()));
  }

  @Test
  void a_busy_volume_says_so() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", Map.of("source", source().toString()));
    driver.mount(made);
    try (var open = new RandomAccessFile(made.data().resolve("file").toFile(), "rw")) {
      assertThatThrownBy(() -> driver.unmount(made))
          .isInstanceOf(DriverFailed.class)
          .hasMessage("unmount db: cannot unmount %s: device or resource busy", made.data());
      open.write(1);
    }
    driver.unmount(made);
  }
}
