package dev.keg.driver.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.plugin.Plugin.Described;
import dev.keg.fixtures.server.FakeVolumePlugin;
import dev.keg.tls.TlsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "plugins of Linux")
final class PluginTest {
  @TempDir private Path place;
  private FakeVolumePlugin server;

  @BeforeEach
  void start() throws IOException {
    server = FakeVolumePlugin.start(place.resolve("vols.sock"), place.resolve("data"));
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  private Plugin plugin() throws PluginException {
    return find("vols");
  }

  private Plugin find(String name) throws PluginException {
    return Plugin.find(
        new PluginPlaces(List.of(place), List.of(place.resolve("a"), place.resolve("b"))),
        name,
        _ -> {});
  }

  @Test
  void a_volume_from_creation_to_removal() throws IOException {
    Plugin plugin = plugin();
    plugin.create("db", Map.of("size", "1g"));

    assertThat(plugin.scope()).isEqualTo("global");
    assertThat(plugin.mount("db", "1f", place)).isEqualTo(place.toRealPath().resolve("data/db"));
    assertThat(plugin.get("db").orElseThrow().status()).isEqualTo(Map.of("Mounts", "1"));
    plugin.unmount("db", "1f");
    assertThat(plugin.list()).extracting(Described::name).containsExactly("db");
    plugin.remove("db");
    assertThat(plugin.get("db")).isEmpty();
  }

  @Test
  void where_mount_does_not_say_it_the_path_is_asked_for() throws IOException {
    plugin().create("db", Map.of());
    server.answerBody("VolumeDriver.Mount", 200, "{}");

    assertThat(plugin().mount("db", "1f", place)).endsWithRaw(Path.of("data/db"));
  }

  @Test
  void a_plugin_that_knows_no_capabilities_is_local() throws IOException {
    server.answerBody("VolumeDriver.Capabilities", 404, "404 page not found");

    assertThat(plugin().scope()).isEqualTo("local");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 2~~{} | ",
        "HTTP/1.0 200 OK~~{} | ",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2;x=y~{}~0~~ | ",
        "SSH-2.0-OpenSSH~~ | it is not HTTP/1.1",
        "HTTP/1.1 200 OK~Content-Length: 3~~{} | it is cut off",
        "HTTP/1.1 200 OK~Content-Length: x~~{} | its length is not a number",
        "HTTP/1.1 200 OK~Content-Length: 99999999999~~{} | it is longer than 16 MiB",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~fffffff~{} | it is longer than 16 MiB",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~x~{} | a chunk has no length",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~{}x~~ | a chunk does not end",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~{ | it is cut off",
        "HTTP/1.1 200 OK~Content-Length: 3~~[1] | the answer is not a JSON object",
      })
  void an_answer_is_read_as_far_as_it_can_be(String answer, String why) throws IOException {
    server.answer("VolumeDriver.List", answer.replace("~", "\r\n"));

    if (why == null) {
      assertThat(plugin().list()).isEmpty();
    } else {
      assertThatThrownBy(() -> plugin().list())
          .isInstanceOf(PluginException.class)
          .hasMessageContaining(why);
    }
  }

  @Test
  void a_head_without_an_end_is_not_read_for_ever() {
    server.answer("VolumeDriver.List", "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000));

    assertThatThrownBy(() -> plugin().list()).hasMessageContaining("the head is too long");
  }

  @Test
  void a_plugin_that_does_not_answer_is_given_up() {
    server.answer("VolumeDriver.List", "");

    assertThatThrownBy(() -> plugin().within(Duration.ofMillis(50)).list())
        .isInstanceOf(PluginException.class)
        .hasMessageContaining(": no answer from " + place.resolve("vols.sock"));
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("plugin-limit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "remove", "mount", "unmount"})
  void nothing_that_may_take_long_is_asked_of_a_plugin_that_is_not_well(String operation)
      throws IOException {
    server.answer("VolumeDriver.Get", "SSH-2.0-OpenSSH\r\n\r\n");
    Plugin plugin = plugin();

    assertThatThrownBy(
            () -> {
              switch (operation) {
                case "create" -> plugin.create("db", Map.of());
                case "remove" -> plugin.remove("db");
                case "mount" -> plugin.mount("db", "1f", place);
                default -> plugin.unmount("db", "1f");
              }
            })
        .isInstanceOf(PluginException.class)
        .hasMessageStartingWith("VolumeDriver.Get: ");
    assertThat(server.requests).hasSize(2).last().asString().startsWith("VolumeDriver.Get");
  }

  @Test
  void all_answers_have_one_limit_together() throws IOException {
    server.answer("Plugin.Activate", "");
    Plugin plugin = plugin().within(Duration.ofMillis(50));

    assertThatThrownBy(() -> plugin.create("db", Map.of()))
        .hasMessageStartingWith("Plugin.Activate: no answer from ");
    server.heal();
    assertThatThrownBy(() -> plugin.remove("db")).hasMessageContaining("has taken 0 s already");
    assertThat(server.requests).containsExactly("Plugin.Activate");
    assertThat(plugin.within(Duration.ofMinutes(1)).list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"keg,true", "link,true", "keg/../keg,true", "other,false", "nowhere,false"})
  void keg_knows_its_own_registry_by_any_name(String root, boolean own) throws IOException {
    Path home = Files.createDirectories(place.resolve("keg/staging/db"));
    Files.createDirectory(place.resolve("other"));
    Files.createSymbolicLink(place.resolve("link"), place.resolve("keg"));
    server.answerBody(
        "Plugin.Activate",
        200,
        "{\"Implements\":[\"VolumeDriver\"],\"KegRoot\":\"%s\"}".formatted(place.resolve(root)));

    assertThat(plugin().isKegWith(home)).isEqualTo(own);
  }

  @Test
  void what_a_plugin_says_cannot_control_a_terminal() throws IOException {
    server.answerBody(
        "VolumeDriver.List",
        200,
        """
        {"Volumes":[{"Name":"a\\u001b[2J","Mountpoint":"/\\u009b1m",\
        "Status":{"x\\n":{"y":"\\u202e1"}}}]}\
        """);

    assertThat(plugin().list())
        .satisfiesExactly(
            volume -> {
              assertThat(volume.name()).isEqualTo("a [2J");
              assertThat(volume.mountpoint()).isEqualTo("/ 1m");
              assertThat(volume.status()).isEqualTo(Map.of("x.y", "1"));
            });
    server.answerBody("VolumeDriver.Remove", 500, "x".repeat(100_000));
    assertThatThrownBy(() -> plugin().remove("db"))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1100));
  }

  @Test
  void what_is_not_a_plugin_for_volumes_is_refused() {
    server.answerBody("Plugin.Activate", 200, "{\"Implements\":[\"authz\"]}");

    assertThatThrownBy(() -> plugin().isKegWith(place))
        .hasMessage("it is not a plugin for volumes");
  }

  private Path specify(String file, String content) throws IOException {
    Path path = place.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  @Test
  void plugins_are_found_where_docker_looks() throws IOException {
    String address = "unix://" + place.resolve("vols.sock");
    specify("a/one.spec", address + "\n");
    specify("b/two/two.spec", address);
    specify("b/three.json", "{\"Name\":\"three\",\"Addr\":\"%s\"}".formatted(address));
    specify("b/one.json", "{}");
    specify("a/note.txt", "");

    assertThat(
            new PluginPlaces(List.of(place), List.of(place.resolve("a"), place.resolve("b")))
                .names())
        .containsExactly("one", "three", "two", "vols");
    for (String name : List.of("one", "two", "three")) {
      assertThat(find(name).list()).isEmpty();
    }
    assertThatThrownBy(() -> find("../b/two/two")).hasMessageContaining("there is no plugin");
  }

  @ParameterizedTest
  @CsvSource({
    "x.spec,/run/x.sock",
    "x.spec,npipe:////./pipe/x",
    "x.spec,unix://relative",
    "x.spec,tcp://host",
    "x.spec,unix://a b",
    "x.json,not JSON",
    "x.json,{}",
  })
  void a_specification_without_an_address_is_an_error_that_names_it(String file, String content)
      throws IOException {
    Path path = specify("a/" + file, content);

    assertThatThrownBy(() -> find("x"))
        .isInstanceOf(PluginException.class)
        .hasMessageStartingWith(path.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"x.spec | https://127.0.0.1:%d", "x.json | {\"Addr\":\"https://127.0.0.1:%d\"}"})
  void an_address_of_https_is_spoken_to_in_tls_alone(String file, String content) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(60_000);
      specify("a/" + file, content.formatted(socket.getLocalPort()));
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket connection = socket.accept()) {
                  return connection.getInputStream().read();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              });

      assertThatThrownBy(() -> find("x").list()).isInstanceOf(PluginException.class);
      assertThat(first.get()).as("a handshake").isEqualTo(22);
    }
  }

  @Test
  void a_plugin_elsewhere_shows_its_certificate_and_asks_for_one() throws Exception {
    try (TlsServer there =
        TlsServer.start(
            place.resolve("tls"),
            Map.of(
                "/Plugin.Activate", "{\"Implements\":[\"VolumeDriver\"]}",
                "/VolumeDriver.List", "{\"Volumes\":[{\"Name\":\"far\"}]}"))) {
      for (boolean exclusive : List.of(true, false)) {
        specify("a/x.json", tls(there, "root.pem", exclusive, false));
        assertThat(find("x").list()).extracting(Described::name).containsExactly("far");
      }
      specify("a/x.json", tls(there, "client.pem", true, false));
      assertThatThrownBy(() -> find("x").list())
          .as("of another authority")
          .isInstanceOf(PluginException.class);
      specify("a/x.json", tls(there, "client.pem", true, true));
      assertThat(find("x").list()).as("of any authority").hasSize(1);
      specify("a/x.json", tls(there, "root.pem", true, false).replace("client.key", "no.key"));
      assertThatThrownBy(() -> find("x").list())
          .isInstanceOf(PluginException.class)
          .hasMessageContaining("no.key");
    }
  }

  private static String tls(TlsServer server, String authority, boolean exclusive, boolean any) {
    return """
    {"Addr":"https://%s","TLSConfig":{"CAFile":"%s","ExclusiveRootPools":%b,
    "InsecureSkipVerify":%b,"CertFile":"%s","KeyFile":"%s"}}\
    """
        .formatted(
            server.host(),
            server.file(authority),
            exclusive,
            any,
            server.file("client.pem"),
            server.file("client.key"));
  }

  @Test
  void a_specification_that_others_could_replace_is_refused() throws IOException {
    Path path = specify("a/x.spec", "unix://" + place.resolve("vols.sock"));
    Files.setAttribute(place.resolve("a"), "unix:mode", 0777);

    assertThatThrownBy(() -> find("x")).hasMessageContaining("chmod go-w");
    Files.setAttribute(place.resolve("a"), "unix:mode", 01777);
    assertThat(find("x").list()).isEmpty();
    Files.setAttribute(place, "unix:mode", 0770);
    assertThatThrownBy(() -> find("vols").list())
        .hasMessageContaining("other users can write to " + path.getRoot());
  }
}
