package dev.keg.linux.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.linux.filesystem.LinuxFileSystem.State;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.program.ToolException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The meaning of failures of programs that examine file systems, in the words of these programs.
 */
class ExaminationTest {
  private static final Path IMAGE = Path.of("/dev/null");

  private final FakeKernel kernel = new FakeKernel();

  private State examine(String fileSystem, int status, String words) throws Exception {
    for (String program : List.of("e2fsck", "xfs_repair", "btrfs")) {
      kernel.tools.programs.put(
          program,
          tool -> {
            throw ToolException.failed(tool, status, words);
          });
    }
    return LinuxFileSystem.of(fileSystem).examine(kernel.tools, IMAGE, Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "ext4,4,''",
    "ext4,12,''",
    "ext4,8,e2fsck: Bad magic number in super-block while trying to open disk.img",
    "xfs,1,Primary superblock would have been modified.",
    "xfs,1,'Sorry, could not find valid secondary superblock'",
    "btrfs,1,No valid Btrfs found on disk.img",
    "btrfs,1,'unsupported or corrupted extent item, item size=4 expect minimal size=24'"
  })
  void damage_is_found(String fileSystem, int status, String words) throws Exception {
    assertThat(examine(fileSystem, status, words)).isEqualTo(State.DAMAGED);
  }

  @ParameterizedTest
  @CsvSource({
    "ext4,8,e2fsck: Get a newer version of e2fsck!",
    "ext4,16,''",
    "ext4,32,''",
    "ext4,124,''",
    "ext4,128,''",
    "ext4,137,''",
    "xfs,1,Found unsupported filesystem features.  Exiting now.",
    "xfs,1,fatal error -- couldn't allocate memory",
    "btrfs,1,couldn't open because of unsupported option features (4000).",
    "btrfs,127,''"
  })
  void a_program_that_could_not_look_has_found_nothing(
      String fileSystem, int status, String words) {
    assertThatThrownBy(() -> examine(fileSystem, status, words)).isInstanceOf(ToolException.class);
  }
}
