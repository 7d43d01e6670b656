package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code keg check} on real mounts that killed commands and other programs have left behind. */
@NeedsRoot
@NeedsKernel({"loop", "ext4"})
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Tag("native")
class CheckIT {
  @RegisterExtension final MachineState machine = new MachineState();
  private Path root = Path.of("/");

  @BeforeEach
  void a_mounted_volume() throws Exception {
    root = machine.directory().resolve("keg");
    assertThat(keg("create", "-d", "loop", "-o", "size=20m", "db").errors()).isEmpty();
    assertThat(keg("mount", "db").errors()).isEmpty();
  }

  private Outcome keg(String... arguments) throws Exception {
    return BuiltProgram.runOrCall(Map.of("KEG_ROOT", root.toString()), arguments);
  }

  private void forgetHolders() throws Exception {
    try (Stream<Path> records = Files.list(root.resolve("volumes/db/attachments"))) {
      for (Path file : records.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void a_mount_that_nobody_holds_is_unmounted_with_its_device() throws Exception {
    forgetHolders();

    Outcome found = keg("check", "--format", "{{.Subject}} {{.State}}");
    assertThat(found).isEqualTo(new Outcome("db repairable\n", "", 1));

    Outcome repaired = keg("check", "--repair", "--format", "{{.Subject}} {{.State}}");
    assertThat(repaired).isEqualTo(new Outcome("db repaired\n", "", 0));
    assertThat(keg("rm", "db")).isEqualTo(new Outcome("db\n", "", 0));
  }

  @Test
  void a_mount_that_somebody_holds_stays() throws Exception {
    Path kept = Files.writeString(root.resolve("volumes/db/_data/kept"), "");

    assertThat(keg("check", "--repair").exit()).isZero();

    assertThat(kept).exists();
    assertThat(keg("unmount", "db").errors()).isEmpty();
  }

  @Test
  void a_damaged_file_system_is_found_when_nobody_holds_it() throws Exception {
    Path image = root.resolve("volumes/db/disk.img");
    Outcome held = keg("check", "--deep");
    assertThat(held.exit()).isZero();
    assertThat(held.errors()).isEqualTo("Warning: db is not examined: it is in use\n");
    assertThat(keg("unmount", "db").errors()).isEmpty();
    assertThat(keg("check", "--deep", "-q")).isEqualTo(new Outcome("", "", 0));

    run("debugfs", "-w", "-R", "clri <2>", image.toString());

    assertThat(keg("check", "-q").exit()).isZero();
    assertThat(keg("check", "--deep", "--format", "{{.Problem}} {{.Severity}}"))
        .isEqualTo(new Outcome("its ext4 file system is damaged critical\n", "", 1));
  }

  @Test
  void a_file_system_that_was_not_unmounted_is_not_damaged() throws Exception {
    Path image = root.resolve("volumes/db/disk.img");
    Path copy = machine.directory().resolve("copy");
    Files.writeString(root.resolve("volumes/db/_data/new"), "x");
    run("sync");
    Files.copy(image, copy);
    assertThat(keg("unmount", "db").errors()).isEmpty();
    Files.copy(copy, image, StandardCopyOption.REPLACE_EXISTING);

    assertThat(keg("check", "--deep", "-q"))
        .isEqualTo(
            new Outcome(
                "",
                "Warning: db is not examined: it was not unmounted; mount it once to replay its"
                    + " journal\n",
                0));
  }

  @Test
  void a_device_that_nothing_uses_is_freed() throws Exception {
    assertThat(keg("unmount", "db").errors()).isEmpty();
    Path image = root.resolve("volumes/db/disk.img");
    run("losetup", "-f", image.toString());
    Path device = device(image);
    try (var _ = Files.newInputStream(device)) {
      assertThat(keg("check", "-q")).as("we have it open").isEqualTo(new Outcome("", "", 0));
    }

    assertThat(keg("check", "--format", "{{.Subject}} {{.State}}"))
        .isEqualTo(new Outcome("db repairable\n", "", 1));
    assertThat(keg("check", "--repair", "--format", "{{.Subject}} {{.State}}"))
        .isEqualTo(new Outcome("db repaired\n", "", 0));
    assertThat(keg("check", "-q")).isEqualTo(new Outcome("", "", 0));
  }

  private static Path device(Path image) throws Exception {
    Process found = new ProcessBuilder("losetup", "-nO", "NAME", "-j", image.toString()).start();
    return Path.of(new String(found.getInputStream().readAllBytes(), UTF_8).strip());
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(List.of(command)).inheritIO().start().waitFor()).isZero();
  }
}
