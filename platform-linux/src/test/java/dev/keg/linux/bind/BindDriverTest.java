package dev.keg.linux.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.LinuxDriverContract;
import dev.keg.linux.kernel.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class BindDriverTest extends LinuxDriverContract {
  @Override
  protected DriverFactory factory() {
    return BindDriver.factory(_ -> fake.kernel());
  }

  @BeforeEach
  void makeSource() throws IOException {
    Files.createDirectory(source());
  }

  private Path source() {
    return root.resolve("source");
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("source", source().toString(), "ro", "true", "nosuid", "");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("source", "relative", "ro", "maybe", "rbind", "x", "create", "y");
  }

  private Map<String, String> with(String key, String value) {
    Map<String, String> options = new HashMap<>(options());
    options.put(key, value);
    return options;
  }

  @Test
  void it_is_bound_with_its_flags() throws IOException {
    mount(create("db"));

    assertThat(mountCalls())
        .containsExactly(
            "open_tree ROOT/source",
            "mount_setattr ro,nosuid",
            "move_mount ROOT/source ROOT/volumes/db/_data",
            "mount_setattr private");
  }

  @Test
  void a_recursive_bind_shows_what_is_mounted_below_later() throws IOException {
    mount(create("db", with("rbind", "true")));

    assertThat(mountCalls())
        .contains("mount_setattr ro,nosuid recursive")
        .endsWith("mount_setattr slave recursive");
  }

  @Test
  void a_source_is_needed() {
    assertThatThrownBy(() -> create("db", Map.of()))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: missing required option: \"source\"");
  }

  @Test
  void a_source_that_is_not_there_is_made_only_if_that_was_asked_for() throws IOException {
    Path missing = source().resolve("not/there");

    assertThatThrownBy(() -> create("db", with("source", missing.toString())))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create db: the source " + missing + " is not a directory");

    Map<String, String> options = with("source", missing.toString());
    options.put("create", "true");
    create("db", options);
    assertThat(missing).isDirectory();
  }

  @Test
  void removing_the_volume_leaves_the_source() throws IOException {
    Subject db = create("db");
    Path file = Files.writeString(source().resolve("file"), "precious");

    remove(db);

    assertThat(file).hasContent("precious");
  }

  @Test
  void its_size_is_that_of_the_source() throws IOException {
    Subject db = create("db");

    assertThat(open().footprint(db.volume(), db.home())).isEqualTo(new Footprint.Tree(source()));
  }

  @Test
  void nobody_looks_at_a_source_whose_server_does_not_answer() throws IOException {
    Subject db = create("db");
    fake.mounts.add("nfs4", "server:/export", source().toString(), Set.of());
    fake.missing.add("statfs");

    assertThatThrownBy(() -> open().footprint(db.volume(), db.home()))
        .isInstanceOf(DriverFailed.class)
        .hasMessageStartingWith("measure db: cannot read " + source());
    assertThatThrownBy(() -> open().storage(db.volume(), db.home()))
        .isInstanceOf(DriverFailed.class);
  }

  @Test
  void a_source_that_its_server_does_not_have_is_missing() throws IOException {
    Subject db = create("db");
    fake.mounts.add("nfs4", "server:/export", root.toString(), Set.of());
    Files.delete(source());
    fake.errno = Errno.ENOENT;
    fake.faults().failAt(1);

    assertThat(open().storage(db.volume(), db.home()).missing()).isTrue();
  }
}
