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
 * Breaks each command on an encrypted volume off at a random point: there are too many for a slow
 * processor. The commit chooses it, so that the same binary meets the same one again.
 */
@NeedsVm
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
@NeedsTool(value = "cryptsetup", from = "cryptsetup-bin")
class EncryptedDisksSurviveVmIT {
  private static final int POINTS = 1;
  private static final String TEXT = "a text";
  private static final String CREATE =
      "create -d loop -o size=24m -o encrypted=true -o key-file=DIR/key db";

  /** Derives keys quickly. */
  private static final String QUICK_CRYPTSETUP =
      """
      #!/bin/sh
      case $1 in
        luksFormat) shift; set -- luksFormat --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$@" ;;
      esac
      exec /sbin/cryptsetup "$@"
      """;

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  private static Path programs() {
    return MACHINE.directory().resolve("bin");
  }

  @BeforeAll
  static void quickCryptsetup() throws IOException {
    Path quick = Files.createDirectory(programs()).resolve("cryptsetup");
    Files.writeString(quick, QUICK_CRYPTSETUP);
    Files.setPosixFilePermissions(quick, PosixFilePermissions.fromString("rwxr-xr-x"));
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

  /** Its monitor is killed together with it, so that nobody tells podman how it ended. */
  @Test
  @NeedsTool(value = "podman", from = "podman")
  @NeedsTool(value = "runc", from = "runc")
  @NeedsTool(value = "busybox", from = "busybox-static")
  @NeedsTool(value = "systemd-socket-activate", from = "systemd")
  void container() throws Exception {
    Path key = Files.writeString(MACHINE.directory().resolve("container.key"), "xyzzy");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Engines engines = new Engines(MACHINE, programs());
    engines.makeImage();
    engines.listen();
    try {
      podman(engines, "import", engines.at("image.tar"), "bb:1");
      String create = "volume create --driver keg -o driver=loop -o size=24m -o encrypted=true";
      podman(engines, (create + " -o key-file=" + key + " db").split(" ", -1));
      String write = "echo content >/data/file; exec sleep 1000";
      String run = "--network none -v db:/data bb:1 /bin/sh -c";
      podman(engines, words("run -d --name one " + run, write));
      assertThat(printed("dmsetup", "ls")).contains("keg-");

      String pids = "{{.State.ConmonPid}} {{.State.Pid}}";
      for (String pid : podman(engines, "inspect", "--format", pids, "one").split("\\s+", 2)) {
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
      }
      podman(engines, "rm", "-f", "-t", "0", "one");

      requireClosed(Path.of(engines.at("keg")));
      assertThat(podman(engines, words("run --rm " + run, "cat /data/file")))
          .isEqualTo("content\n");
      podman(engines, "volume", "rm", "db");
      requireClosed(Path.of(engines.at("keg")));
    } finally {
      engines.close();
    }
  }

  private static String podman(Engines engines, String... arguments) throws Exception {
    return engines.succeed(engines.podman(arguments));
  }

  private static String[] words(String text, String last) {
    return Engines.with(List.of(text.split(" ", -1)), last);
  }

  private static void requireClosed(Path directory) throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(directory.toString());
    assertThat(printed("losetup", "-n", "-O", "BACK-FILE")).isEmpty();
    assertThat(printed("dmsetup", "ls")).doesNotContain("keg-");
  }

  private static String printed(String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private static void breakOff(String name, Survival trial) throws Exception {
    Path scratch = Files.createDirectory(MACHINE.directory().resolve(name));
    String commit = BuiltProgram.run("version", "--format", "{{.Commit}}").output();
    Random random = new Random((commit + name).hashCode());
    KillPoints.some(
        POINTS, random, scratch, EnumSet.of(Fault.KILL, Fault.INPUT_OUTPUT_ERROR), trial);
  }

  /** A volume with one file, where there is a volume before. */
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
      environment.merge("PATH", programs().toString(), (path, quick) -> quick + ":" + path);
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
      requireClosed(directory);
    }

    @Override
    public void clear(Path directory) throws Exception {
      if (run(directory, "exists db").exit() == 0) {
        keg(directory, "unmount db DIR/at");
      }
    }
  }
}
