package dev.keg.linux.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.KnowsHolders;
import dev.keg.driver.MountRequest;
import dev.keg.driver.VolumePlugins.Listed;
import dev.keg.driver.VolumePlugins.PluginVolume;
import dev.keg.driver.plugin.PluginPlaces;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.fixtures.server.FakeVolumePlugin;
import dev.keg.linux.LinuxDriverContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class PluginDriverTest extends LinuxDriverContract {
  @TempDir private Path there;
  private FakeVolumePlugin plugin;

  @BeforeEach
  void start() throws IOException {
    plugin = FakeVolumePlugin.start(there.resolve("fake.sock"), there.resolve("data"));
  }

  @AfterEach
  void end() throws IOException {
    plugin.close();
  }

  private PluginPlaces places() {
    return new PluginPlaces(List.of(there), List.of(there.resolve("specs")));
  }

  @Override
  protected DriverFactory factory() {
    return PluginDriver.factory(_ -> fake.kernel(), _ -> places());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("plugin", "fake", "tier", "gold");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("plugin", "nobody");
  }

  @Override
  protected void an_unknown_option_is_refused_naming_the_known_ones() {
    assertThat(factory().takesAnyOption()).as("the plugin knows what it takes").isTrue();
  }

  private Path mount(Subject db, String holder) {
    return open()
        .mount(
            new MountRequest(
                db.volume(), db.home(), optionsOf(db.volume()), secrets(), false, holder));
  }

  private void release(Subject db, String holder) {
    ((KnowsHolders) open()).release(db.volume(), db.home(), holder);
  }

  @Test
  void the_plugin_gets_its_options_and_the_volume_is_bound_from_where_it_says() throws IOException {
    Subject db = create("db");
    mount(db, "1f");

    assertThat(plugin.requests)
        .containsExactly(
            "Plugin.Activate",
            "VolumeDriver.Get {\"Name\":\"db\"}",
            "VolumeDriver.Capabilities {}",
            "VolumeDriver.Create {\"Name\":\"db\",\"Opts\":{\"tier\":\"gold\"}}",
            "Plugin.Activate",
            "VolumeDriver.Get {\"Name\":\"db\"}",
            "VolumeDriver.Mount {\"Name\":\"db\",\"ID\":\"1f\"}");
    assertThat(mountCalls())
        .contains("move_mount " + there.resolve("data/db") + " ROOT/volumes/db/_data");
    assertThat(open().scope(db.volume(), db.home())).isEqualTo("global");
    assertThat(open().status(db.volume(), db.home()).toString())
        .isEqualTo("{Mounts=1, mountpoint=%s}".formatted(there.resolve("data/db")));
  }

  @Test
  void each_holder_has_an_id_of_its_own_at_the_plugin() throws IOException {
    Subject db = create("db");
    mount(db, "one");
    mount(db, "one");
    mount(db, "two");

    assertThat(plugin.mounts("db")).containsExactly("one", "two");
    assertThat(plugin.requests).filteredOn(line -> line.contains("Mount")).hasSize(2);
    release(db, "one");
    release(db, "one");
    assertThat(plugin.mounts("db")).containsExactly("two");
    unmount(db);
    assertThat(plugin.mounts("db")).isEmpty();
  }

  @Test
  void what_a_reboot_left_is_ended_before_the_next_mount() throws IOException {
    Subject db = create("db");
    mount(db, "earlier");
    fake.mounts.forget(db.home().data());
    plugin.mounts("db").clear();

    mount(db, "now");

    assertThat(plugin.mounts("db")).containsExactly("now");
    assertThat(plugin.requests)
        .contains("VolumeDriver.Unmount {\"Name\":\"db\",\"ID\":\"earlier\"}");
  }

  @Test
  void a_volume_that_the_plugin_has_already_is_taken_as_it_is_but_once() throws IOException {
    plugin.add("old");

    assertThatThrownBy(() -> create("old"))
        .isInstanceOf(InvalidOption.class)
        .hasMessageContaining("plugin fake has a volume of this name already");
    Subject old = create("old", Map.of("plugin", "fake"));
    open().takeBack(old.volume(), old.home());
    assertThat(plugin.volumes()).as("it was not made here").contains("old");
    Files.move(old.home().path(), root.resolve("volumes/renamed"));

    assertThatThrownBy(() -> create("old", Map.of("plugin", "fake")))
        .hasMessageContaining("plugin fake keeps its volume of this name for volume renamed");
  }

  @Test
  void a_volume_that_cannot_be_published_is_removed_from_the_plugin() throws IOException {
    Subject db = create("db");

    open().takeBack(db.volume(), db.home());

    assertThat(plugin.volumes()).isEmpty();
  }

  @Test
  void a_plugin_that_refuses_to_create_is_quoted() {
    plugin.answerBody("VolumeDriver.Create", 500, "{\"Err\":\"no \\u001b[31mspace\\nleft\"}");

    assertThatThrownBy(() -> create("db"))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: VolumeDriver.Create: no  [31mspace left");
    plugin.answerBody("VolumeDriver.Create", 200, "{\"Err\":\"quota\"}");
    assertThatThrownBy(() -> create("db")).hasMessage("create db: VolumeDriver.Create: quota");
    plugin.answerBody("VolumeDriver.Create", 502, "<p>gateway</p>");
    assertThatThrownBy(() -> create("db"))
        .hasMessage("create db: VolumeDriver.Create: <p>gateway</p>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "relative", "/tmp/../etc", "/tmp/\\u001b]0;x\\u0007", "/no/such/directory"})
  void a_mountpoint_that_is_not_a_directory_of_its_own_is_refused(String path) throws IOException {
    Subject db = create("db");
    plugin.answerBody("VolumeDriver.Mount", 200, "{\"Mountpoint\":\"%s\"}".formatted(path));

    assertThatThrownBy(() -> mount(db, "1f")).isInstanceOf(DriverFailed.class);
    assertThat(mountCalls()).noneMatch(call -> call.startsWith("move_mount"));
    assertThat(plugin.requests).last().asString().startsWith("VolumeDriver.Unmount");
  }

  @Test
  void a_plugin_cannot_choose_the_data_of_other_volumes() throws IOException {
    Subject db = create("db");
    Subject other = create("other");
    for (Path path : List.of(other.home().data(), root, root.resolve(".."))) {
      plugin.answerBody(
          "VolumeDriver.Mount", 200, "{\"Mountpoint\":\"%s\"}".formatted(path.normalize()));
      assertThatThrownBy(() -> mount(db, "1f")).hasMessageContaining("outside of Keg's root");
    }
  }

  @Test
  void a_directory_that_others_could_exchange_is_not_bound() throws IOException {
    Path open = Files.createDirectories(there.resolve("open"));
    Files.createDirectory(open.resolve("data"));
    Files.setAttribute(open, "unix:mode", 0777);
    Subject db = create("db");
    plugin.answerBody(
        "VolumeDriver.Mount", 200, "{\"Mountpoint\":\"%s\"}".formatted(open.resolve("data")));

    assertThatThrownBy(() -> mount(db, "1f"))
        .hasMessageContaining("other users can write to " + open.toRealPath());
  }

  @Test
  void keg_does_not_ask_itself_for_a_volume() {
    plugin.answerBody(
        "Plugin.Activate",
        200,
        "{\"Implements\":[\"VolumeDriver\"],\"KegRoot\":\"%s\"}".formatted(root));

    assertThatThrownBy(() -> create("db")).hasMessageContaining("the plugin is Keg itself");
  }

  @Test
  void a_plugin_that_is_gone_is_an_error_and_the_others_are_listed() throws IOException {
    plugin.add("db");
    Files.createDirectories(there.resolve("specs"));
    Files.writeString(
        there.resolve("specs/gone.spec"), "unix://" + there.resolve("gone.socket") + "\n");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.writeString(
        there.resolve("specs/far.json"),
        "{\"Name\":\"far\",\"Addr\":\"tcp://127.0.0.1:%d\"}".formatted(port));

    LinuxPlugins plugins = new LinuxPlugins(places(), _ -> fake.kernel(), _ -> {});
    Listed listed = plugins.list(root);

    assertThat(plugins.find("fake").orElseThrow().name()).isEqualTo("fake");
    assertThat(plugins.find("../fake")).isEmpty();
    assertThat(listed.volumes())
        .containsExactly(new PluginVolume("fake", "db", there.resolve("data/db").toString()));
    assertThat(listed.problems())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            far ->
                assertThat(far)
                    .isEqualTo(
                        "ls the volumes of plugin far: Plugin.Activate: cannot reach 127.0.0.1:%d:"
                                .formatted(port)
                            + " connection refused"),
            gone -> assertThat(gone).contains("gone.socket: no such file or directory"));
  }

  @Test
  void an_error_of_unmount_is_reported_once() throws IOException {
    Subject db = create("db");
    mount(db, "1f");
    plugin.answerBody("VolumeDriver.Unmount", 500, "{\"Err\":\"not mounted\"}");

    DriverFailed failure = catchThrowableOfType(DriverFailed.class, () -> unmount(db));
    assertThat(failure).hasMessage("unmount db: VolumeDriver.Unmount: not mounted");
    unmount(db);
  }
}
