package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.vm.QuickCryptsetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Interrupts each command on an encrypted volume at a random point, since a slow processor cannot
 * try all. The commit determines the point, so that the same binary meets the same one again.
 */
@NeedsVm
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
@NeedsTool(value = "cryptsetup", from = "cryptsetup-bin")
class EncryptedDisksNativeVmIT {
  private static final int POINTS = 1;
  private static final String TEXT = "a text";
  private static final String CREATE =
      "create -d loop -o size=24m -o encrypted=true -o key-file=DIR/key db";

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  private static String path = "";

  @BeforeAll
  static void quickCryptsetup() throws IOException {
    path = QuickCryptsetup.path(MACHINE.directory());
  }

  @Test
  void create() throws Exception {
    breakOff("create", new Survival(List.of(), CREATE));
  }

  @Test
  void mount() throws Exception {
    breakOff("mount", new Survival(List.of(CREATE, "cp -q DIR/a db:/a"), "mount db DIR/at"));
  }

  @Test
  void unmount() throws Exception {
    breakOff(
        "unmount",
        new Survival(List.of(CREATE, "cp -q DIR/a db:/a"), "unmount db DIR/at") {
          @Override
          public void begin(Path directory) throws Exception {
            keg(directory, "mount db DIR/at");
          }
        });
  }

  @Test
  void resize() throws Exception {
    breakOff("resize", new Survival(List.of(CREATE, "cp -q DIR/a db:/a"), "resize db 40m"));
  }

  @Test
  void backup() throws Exception {
    breakOff(
        "backup", new Survival(List.of(CREATE, "cp -q DIR/a db:/a"), "backup -q --to DIR/repo db"));
  }

  private static void breakOff(String name, Survival trial) throws Exception {
    Path scratch = Files.createDirectory(MACHINE.directory().resolve(name));
    String commit = BuiltProgram.run("version", "--format", "{{.Commit}}").output();
    Random random = new Random((commit + name).hashCode());
    KillPoints.some(
        POINTS, random, scratch, EnumSet.of(Fault.KILL, Fault.INPUT_OUTPUT_ERROR), trial);
  }

  /** One command line; the preparation may create a volume with one file. */
  private static class Survival implements CommandTrial {
    private final List<String> preparation;
    private final String line;

    Survival(List<String> preparation, String line) {
      this.preparation = preparation;
      this.line = line;
    }

    @Override
    public String line() {
      return line;
    }

    @Override
    public void prepare(Path directory) throws Exception {
      for (String made : List.of("at", "repo")) {
        Files.createDirectory(directory.resolve(made));
      }
      Path key = Files.writeString(directory.resolve("key"), "xyzzy");
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(directory.resolve("a"), TEXT);
      for (String command : preparation) {
        keg(directory, command);
      }
    }

    @Override
    public Map<String, String> environment() {
      Map<String, String> environment = new HashMap<>(BuiltProgram.ENVIRONMENT);
      environment.put("PATH", path);
      return environment;
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
      }
      clear(directory);
      keg(directory, line);
      if (!preparation.isEmpty()) {
        keg(directory, "cp -q db:/a DIR/found");
        assertThat(directory.resolve("found")).hasContent(TEXT);
      }
      clear(directory);
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(directory.toString());
      assertThat(printed("losetup", "-n", "-O", "BACK-FILE")).isEmpty();
      assertThat(printed("dmsetup", "ls")).doesNotContain("keg-");
    }

    @Override
    public void clear(Path directory) throws Exception {
      if (run(directory, "exists db").exit() == 0) {
        keg(directory, "unmount db DIR/at");
      }
    }

    private static String printed(String... command) throws Exception {
      Process process = new ProcessBuilder(command).start();
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
