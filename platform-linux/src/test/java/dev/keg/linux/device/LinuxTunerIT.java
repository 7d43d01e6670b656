package dev.keg.linux.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.loop.LoopDriver;
import dev.keg.tuning.Knob;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Untunable;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of a file system on its own device. */
@NeedsRoot
@NeedsKernel({"loop", "ext4"})
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
class LinuxTunerIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final LinuxTuner tuner = new LinuxTuner(Kernel.mounts(_ -> {}));
  private RealDriver driver;
  private Made made;

  @BeforeEach
  void a_loop_volume() throws IOException {
    driver = new RealDriver(LoopDriver.factory(Kernel::open), machine.directory());
    made = driver.create("db", Map.of("size", "8m"));
    driver.mount(made);
  }

  @AfterEach
  void unmount() throws IOException {
    driver.unmount(made);
    driver.remove(made);
  }

  private Knob knob(Setting setting) throws Untunable {
    return tuner.knob(made.data(), setting);
  }

  @Test
  void times_of_access_are_of_the_mount() throws Exception {
    for (String word : knob(Setting.ATIME).choices()) {
      knob(Setting.ATIME).change(word);
      assertThat(knob(Setting.ATIME).value()).isEqualTo(word);
    }
    knob(Setting.ATIME).change("noatime");
    assertThat(made.mounted().options()).contains("noatime").doesNotContain("relatime");
  }

  @Test
  void sync_is_of_the_file_system() throws Exception {
    assertThat(knob(Setting.SYNC).value()).isEqualTo("async");
    knob(Setting.SYNC).set("sync");
    assertThat(made.mounted().superOptions()).contains("sync");
    knob(Setting.SYNC).set("async");
    assertThat(made.mounted().superOptions()).doesNotContain("sync");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sync", "lazytime"})
  void a_mount_says_what_its_file_system_has(String word) throws Exception {
    assertThatThrownBy(() -> tuner.share(made.data(), Set.of(word), false))
        .hasMessage(
            word + " applies to the whole file system, which others have mounted without it");
    assertThat(made.mounted().superOptions()).doesNotContain(word);

    tuner.share(made.data(), Set.of(word), true);
    tuner.share(made.data(), Set.of(word), false);

    assertThat(made.mounted().superOptions()).contains(word);
  }

  @Test
  void a_directory_of_the_host_does_not_say_it() {
    assertThatThrownBy(() -> tuner.share(made.home().path(), Set.of("lazytime"), true))
        .hasMessageStartingWith(
            "lazytime applies to the whole file system, and others use that of ");
  }

  @Test
  void readahead_is_of_the_device() throws Exception {
    String before = knob(Setting.READAHEAD).value();

    knob(Setting.READAHEAD).set("4194304");
    assertThat(knob(Setting.READAHEAD).value()).isEqualTo("4194304");
    assertThat(knob(Setting.READAHEAD).place()).startsWith("loop");
    assertThat(knob(Setting.READAHEAD).sharers()).isEmpty();

    knob(Setting.READAHEAD).set(before);
  }

  @Test
  void schedulers_are_those_of_the_kernel() throws Exception {
    Knob before = knob(Setting.SCHEDULER);
    for (String name : before.choices()) {
      knob(Setting.SCHEDULER).change(name);
      assertThat(knob(Setting.SCHEDULER).value()).isEqualTo(name);
    }
    knob(Setting.SCHEDULER).change(before.value());

    assertThatThrownBy(() -> before.requireChoice("deadline"))
        .hasMessageContaining("has no scheduler 'deadline'; it has none");
  }

  @Test
  void the_file_system_of_the_host_is_not_made_synchronous() {
    assertThatThrownBy(() -> tuner.knob(made.home().path(), Setting.SYNC))
        .hasMessageStartingWith("sync applies to the whole file system, and others use that of ");
  }
}
