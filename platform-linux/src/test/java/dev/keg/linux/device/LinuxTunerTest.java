package dev.keg.linux.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.mount.Mounts;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.tuning.Knob;
import dev.keg.tuning.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no sysfs")
class LinuxTunerTest {
  @TempDir Path directory;

  private Path root;

  @BeforeEach
  void a_directory_without_links() throws IOException {
    root = directory.toRealPath();
    Path share = Files.createDirectories(root.resolve("sys/class/bdi/0:51"));
    Files.writeString(share.resolve("read_ahead_kb"), "128\n");
  }

  /** It can be unmounted only if nothing asks the server about the mount. */
  @Test
  void a_share_is_looked_up_without_its_server() throws Exception {
    // Not even a directory: any access to it fails.
    Path share = root.resolve("share");
    String table =
        """
        20 1 8:1 / / rw - ext4 /dev/sda1 rw
        28 20 0:51 / %s rw,noatime - cifs //server/share rw
        """
            .formatted(share);
    FakeKernel kernel = new FakeKernel();
    Mounts mounts =
        new Mounts(kernel.mounts, kernel.files, () -> ProcMounts.parse(table.getBytes(UTF_8)));
    LinuxTuner tuner = new LinuxTuner(mounts, root.resolve("sys"));

    Knob readahead = tuner.knob(share, Setting.READAHEAD);
    Path shown = root.resolve("sys/class/bdi/0:51");
    Files.move(shown, root.resolve("sys/gone"));
    Files.createDirectory(shown);
    Files.writeString(shown.resolve("read_ahead_kb"), "128\n");
    Knob later = tuner.knob(share, Setting.READAHEAD);

    assertThat(readahead.place()).isEqualTo("//server/share");
    assertThat(readahead.value()).isEqualTo("131072");
    assertThat(later.place()).isEqualTo(readahead.place());
    assertThat(later.identity()).isNotEqualTo(readahead.identity());
    assertThat(tuner.knob(share, Setting.ATIME).value()).isEqualTo("noatime");
  }
}
