package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidName;
import dev.keg.file.DirectorySync;
import dev.keg.file.WindowsNaming;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsableNamesTest {
  private final List<String> notices = new ArrayList<>();

  private UsableNames on(DirectorySync system) {
    return new UsableNames(Path.of("root"), system, notices::add);
  }

  @Test
  void a_system_that_does_not_support_a_name_says_why() {
    UsableNames windows = on(new WindowsNaming(DirectorySync.NONE, true, true));

    assertThat(windows.whyUnusable("snapshot", "con"))
        .contains("Windows reserves this name for a device");
    assertThat(windows.whyUnusable("snapshot", "console")).isEmpty();
    assertThatThrownBy(() -> windows.require("create", new VolumeName("con")))
        .isInstanceOf(InvalidName.class)
        .hasMessage("create con: Windows reserves this name for a device");
    assertThatCode(() -> windows.require("create", new VolumeName("console")))
        .doesNotThrowAnyException();
    assertThat(notices).isEmpty();
  }

  @Test
  void a_name_that_only_another_system_does_not_support_is_allowed_with_a_notice() {
    assertThat(
            on(new WindowsNaming(DirectorySync.NONE, false, true)).whyUnusable("snapshot", "con"))
        .isEmpty();
    assertThat(notices)
        .containsExactly(
            "Windows cannot use snapshot con: Windows reserves this name for a device");
  }

  @Test
  void a_root_whose_file_system_is_unknown_is_not_shared_with_windows() {
    DirectorySync unknown =
        new DirectorySync() {
          @Override
          public void sync(Path directory) {}

          @Override
          public boolean isSharedWithWindows(Path directory) throws IOException {
            throw new IOException("no such mount");
          }
        };

    assertThat(on(unknown).whyUnusable("volume", "con")).isEmpty();
    assertThat(notices).isEmpty();
  }
}
