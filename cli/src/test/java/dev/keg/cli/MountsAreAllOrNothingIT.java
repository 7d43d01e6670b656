package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Four mixed mounts of a container, or one mount by hand, are made and taken down by the built
 * program, which is killed, or fails, at each system call on its directory or a mount. After the
 * clean-up command, the machine is as before.
 */
@NeedsRoot
@NeedsNative
@NeedsTool(value = "strace", from = "strace")
class MountsAreAllOrNothingIT {
  private static final String CONTAINER = "keg-all-or-nothing";

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  @TestFactory
  Stream<DynamicTest> setting_up() throws Exception {
    return broken(
        "up",
        new Trial() {
          @Override
          public List<String> command(Path directory) {
            return mount(directory);
          }

          @Override
          void verify(Path directory, boolean failed, boolean killed) throws Exception {
            if (!failed) {
              assertThat(mounted(directory)).hasSize(4);
            } else if (!killed) {
              assertThat(mounted(directory)).isEmpty();
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> taking_down() throws Exception {
    return broken(
        "down",
        new Trial() {
          @Override
          public void begin(Path directory) throws Exception {
            assertThat(run(mount(directory)).exit()).isZero();
          }

          @Override
          public List<String> command(Path directory) {
            return unmount(directory);
          }

          @Override
          void verify(Path directory, boolean failed, boolean killed) throws Exception {
            if (!failed) {
              assertThat(mounted(directory)).isEmpty();
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> mounting_one_by_hand() throws Exception {
    return broken(
        "mount",
        new Trial() {
          @Override
          public List<String> command(Path directory) {
            return mountOne(directory);
          }

          @Override
          void verify(Path directory, boolean failed, boolean killed) throws Exception {
            if (!failed) {
              assertThat(mounted(directory)).hasSize(1);
            } else if (!killed) {
              assertThat(mounted(directory)).isEmpty();
            }
          }

          @Override
          List<String> cleanUp(Path directory) {
            return unmountOne(directory);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> unmounting_one_by_hand() throws Exception {
    return broken(
        "unmount",
        new Trial() {
          @Override
          public void begin(Path directory) throws Exception {
            assertThat(run(mountOne(directory)).exit()).isZero();
          }

          @Override
          public List<String> command(Path directory) {
            return unmountOne(directory);
          }

          @Override
          void verify(Path directory, boolean failed, boolean killed) throws Exception {
            if (!failed) {
              assertThat(mounted(directory)).isEmpty();
            }
          }

          @Override
          List<String> cleanUp(Path directory) {
            return unmountOne(directory);
          }
        });
  }

  private static Stream<DynamicTest> broken(String name, Trial trial) throws Exception {
    return KillPoints.each(
        Files.createTempDirectory(MACHINE.directory(), name),
        EnumSet.of(Fault.KILL, Fault.INPUT_OUTPUT_ERROR),
        trial);
  }

  private static List<String> mount(Path directory) {
    return keg(
        directory,
        "mount --container %s --rootfs DIR/rootfs -v db:/data -v logs:/data/logs:ro,nocopy"
                .formatted(CONTAINER)
            + " --mount type=bind,src=DIR/source,dst=/src --tmpfs /run/deep:size=1m");
  }

  private static List<String> unmount(Path directory) {
    return keg(directory, "unmount --container " + CONTAINER);
  }

  private static List<String> mountOne(Path directory) {
    return keg(directory, "mount db DIR/source");
  }

  private static List<String> unmountOne(Path directory) {
    return keg(directory, "unmount DIR/source");
  }

  private static List<String> keg(Path directory, String line) {
    var command = new ArrayList<>(List.of(BuiltProgram.path(), "--root", directory + "/root"));
    command.addAll(Arrays.asList(line.replace("DIR", directory.toString()).split(" ", -1)));
    return command;
  }

  private static Outcome run(List<String> command) throws Exception {
    return BuiltProgram.run(command.subList(1, command.size()).toArray(String[]::new));
  }

  /** The mounts below the directory. */
  private static List<String> mounted(Path directory) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(line -> line.split(" ", -1)[4])
        .filter(target -> target.startsWith(directory + "/"))
        .toList();
  }

  /** One command line on a root with two volumes. */
  private abstract static class Trial implements KillPoints.Trial {
    private List<String> before = List.of();

    abstract void verify(Path directory, boolean failed, boolean killed) throws Exception;

    /** The command that takes down whatever is mounted, and finds nothing to do the second time. */
    List<String> cleanUp(Path directory) {
      return unmount(directory);
    }

    @Override
    public void prepare(Path directory) throws Exception {
      for (String made : List.of("rootfs", "source")) {
        Files.createDirectory(directory.resolve(made));
      }
      for (String volume : List.of("db", "logs")) {
        assertThat(run(keg(directory, "create " + volume)).exit()).isZero();
      }
      Files.createDirectory(directory.resolve("root/volumes/db/_data/logs"));
      before = tree(directory);
    }

    @Override
    public Map<String, String> environment() {
      return BuiltProgram.ENVIRONMENT;
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
      }
      assertThat(outcome.errors()).doesNotContain("\tat ", "this is a bug");
      verify(directory, outcome.exit() != 0, outcome.exit() >= 128);
      Outcome cleanUp = run(cleanUp(directory));
      assertThat(cleanUp.exit()).as(cleanUp.errors()).isZero();
      assertThat(mounted(directory)).isEmpty();
      assertThat(tree(directory)).isEqualTo(before);
    }

    @Override
    public void clear(Path directory) throws Exception {
      for (String target : mounted(directory).reversed()) {
        assertThat(new ProcessBuilder("umount", "-l", target).start().waitFor()).isZero();
      }
    }

    /**
     * Everything except what any command may leave for the next one to remove, and empty records.
     */
    private static List<String> tree(Path directory) throws IOException {
      try (Stream<Path> paths = Files.walk(directory)) {
        return paths
            .map(path -> directory.relativize(path).toString())
            .filter(path -> !path.matches("root/(locks|staging|trash)/.*"))
            .filter(path -> !path.endsWith("/attachments"))
            .sorted()
            .toList();
      }
    }
  }
}
