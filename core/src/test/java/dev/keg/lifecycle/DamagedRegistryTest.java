package dev.keg.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** If one volume is damaged, a clear message names it, and all others work. */
class DamagedRegistryTest {
  /** Damage to a volume's directory. */
  @FunctionalInterface
  private interface Damage {
    void to(Path home) throws IOException;
  }

  private Path root = Path.of("/");

  @BeforeEach
  void two_volumes() throws IOException {
    root = FaultyFileSystem.forceable(FaultPoints.inMemory()).resolve("root");
    store().fill("bad");
    store().fill("good");
  }

  private Store store() {
    return Store.open(root);
  }

  private static Arguments damage(String what, String message, Damage damage) {
    return arguments(named(what, damage), message);
  }

  private static Damage content(String text) {
    return home -> Files.writeString(home.resolve("volume.json"), text);
  }

  private static String description(String changed, String to) {
    return """
    {"schema":1,"created":"2026-11-20T10:00:00Z","driver":"local","labels":{},"options":{}}
    """
        .replace(changed, to);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("an empty description", "volume.json: it is empty", content("")),
        damage("half a description", "volume.json: ", content("{\"schema\":1,\"cre")),
        damage("something else", "volume.json: line 1, column ", content("hello")),
        damage("no object", "volume.json: it is not a JSON object", content("[]")),
        damage(
            "bytes after the end",
            "volume.json: there is text after the JSON object",
            content(description("}}\n", "}} {}"))),
        damage(
            "zeros, as some file systems leave them",
            "volume.json: ",
            home -> Files.write(home.resolve("volume.json"), new byte[64])),
        damage(
            "a newer schema",
            "volume.json has schema 3, but this version of keg knows only 2",
            content(description("1", "3"))),
        damage(
            "a field too few",
            "volume.json: field \"driver\" is missing",
            content(description("\"driver\":\"local\",", ""))),
        damage(
            "a field too many",
            "volume.json: unknown field \"colour\"",
            content(description("\"driver\"", "\"colour\":\"red\",\"driver\""))),
        damage(
            "a field twice",
            "volume.json: field \"driver\" occurs twice",
            content(description("\"driver\"", "\"driver\":\"nfs\",\"driver\""))),
        damage(
            "no date", "volume.json: ", content(description("2026-11-20T10:00:00Z", "yesterday"))),
        damage(
            "bytes that are no UTF-8",
            "volume.json: ",
            home ->
                Files.write(
                    home.resolve("volume.json"),
                    "{\"schema\":1,\"\u00ff\":1}"
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))),
        damage(
            "an enormous description",
            "volume.json: it is too large",
            home -> Files.write(home.resolve("volume.json"), new byte[2 << 20])),
        damage(
            "a directory in its place",
            "volume.json: it is a directory",
            home -> {
              Files.delete(home.resolve("volume.json"));
              Files.createDirectory(home.resolve("volume.json"));
            }),
        damage(
            "no description",
            "it has no volume.json",
            home -> Files.delete(home.resolve("volume.json"))));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void ls_reports_the_damaged_volume_and_lists_the_others(Damage damage, String message)
      throws IOException {
    damage.to(store().home("bad"));

    Listing listing = store().list();

    assertThat(listing.volumes())
        .extracting(volume -> volume.name().text())
        .containsExactly("good");
    assertThat(listing.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem).hasMessageContainingAll("/root/volumes/bad", message));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void every_command_refuses_the_damaged_volume_in_words(Damage damage, String message)
      throws IOException {
    damage.to(store().home("bad"));
    Volumes volumes = store().volumes();
    for (Runnable command :
        new Runnable[] {
          () -> volumes.inspect("bad"),
          () -> volumes.exists("bad"),
          () -> volumes.create(VolumeRequest.named(new VolumeName("bad"))),
          () -> volumes.update("bad", VolumeChange.ofLabels(Labels.NONE, List.of("x"))),
          () -> volumes.rename("bad", "worse"),
          () -> volumes.rename("good", "bad"),
          () -> volumes.remove("bad", Removal.Mode.NORMAL)
        }) {
      assertThatThrownBy(command::run)
          .isInstanceOf(VolumeException.class)
          .hasMessageContainingAll("/root/volumes/bad", message);
    }
    assertThat(store().home("bad").resolve("_data/directory/file")).exists();
  }

  @ParameterizedTest
  @MethodSource("damages")
  void other_volumes_are_made_changed_and_removed_as_before(Damage damage, String message)
      throws IOException {
    damage.to(store().home("bad"));

    store().fill("new");
    store().volumes().rename("new", "newer");
    store().volumes().remove("newer", Removal.Mode.NORMAL);
    var all = VolumeFilter.forPrune(true, FilterArguments.NONE, store().volumes().filterContext());
    Pruning.Result pruned = store().volumes().pruning().prune(all);

    assertThat(pruned.removed()).extracting(VolumeName::text).containsExactly("good");
    assertThat(pruned.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).hasMessageContaining(message));
    assertThat(store().home("bad").resolve("_data/directory/file")).exists();
  }

  @Test
  void a_file_among_the_volumes_is_reported_and_left_alone() throws IOException {
    Path file = Files.writeString(root.resolve("volumes/notes.txt"), "mine");
    Path hidden = Files.createDirectory(root.resolve("volumes/.hidden"));

    assertThat(store().list().problems())
        .extracting(Throwable::getMessage)
        .satisfiesExactlyInAnyOrder(
            message -> assertThat(message).contains("/root/volumes/notes.txt is not a volume"),
            message ->
                assertThat(message).contains("/root/volumes/.hidden", "not a valid volume name"));
    assertThatThrownBy(() -> store().volumes().remove("notes.txt", Removal.Mode.FORCE))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("/root/volumes/notes.txt");
    assertThat(file).hasContent("mine");
    assertThat(hidden).exists();
  }

  @Test
  void a_volume_that_is_a_link_to_a_directory_elsewhere_is_not_followed() throws IOException {
    Path elsewhere = Files.createDirectories(root.resolveSibling("elsewhere/_data"));
    Files.writeString(elsewhere.resolve("precious"), "mine");
    Files.createSymbolicLink(root.resolve("volumes/link"), elsewhere.getParent());

    assertThat(store().list().problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).hasMessageContaining("/root/volumes/link"));
    assertThatThrownBy(() -> store().volumes().remove("link", Removal.Mode.FORCE))
        .isInstanceOf(VolumeException.class);
    assertThat(elsewhere.resolve("precious")).hasContent("mine");
  }

  @Test
  void data_replaced_by_a_link_is_neither_followed_nor_removed() throws IOException {
    Path elsewhere = Files.createDirectory(root.resolveSibling("elsewhere"));
    Files.writeString(elsewhere.resolve("precious"), "mine");
    Path data = store().home("bad").resolve("_data");
    Files.move(data, data.resolveSibling("moved"));
    Files.createSymbolicLink(data, elsewhere);

    assertThatThrownBy(() -> store().volumes().remove("bad", Removal.Mode.NORMAL))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("bad");
    assertThat(new String(Files.readAllBytes(elsewhere.resolve("precious")), UTF_8))
        .isEqualTo("mine");
    assertThat(store().list().volumes()).hasSize(2);
  }

  @Test
  void a_marker_of_a_newer_schema_stops_every_command_before_it_does_anything() throws IOException {
    Files.writeString(root.resolve("keg.json"), "{\"schema\":4,\"new\":true}");

    for (Runnable command :
        new Runnable[] {
          () -> store().list(),
          () -> store().volumes().inspect("good"),
          () -> store().volumes().create(VolumeRequest.named(new VolumeName("new"))),
          () -> store().volumes().remove("good", Removal.Mode.FORCE)
        }) {
      assertThatThrownBy(command::run)
          .isInstanceOf(VolumeException.class)
          .hasMessageContaining("keg.json has schema 4");
    }
    assertThat(store().home("good").resolve("_data/directory/file")).exists();
  }

  @Test
  void an_attachment_that_cannot_be_read_protects_its_volume() throws IOException {
    Path attachments = Files.createDirectory(store().home("bad").resolve("attachments"));
    Files.writeString(attachments.resolve("x.json"), "{");

    assertThatThrownBy(() -> store().volumes().remove("bad", Removal.Mode.NORMAL))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("attachments/x.json");
    var all = VolumeFilter.forPrune(true, FilterArguments.NONE, store().volumes().filterContext());
    assertThat(store().volumes().pruning().prune(all).removed())
        .extracting(VolumeName::text)
        .containsExactly("good");
    assertThat(store().home("bad").resolve("_data/directory/file")).exists();
  }

  @Test
  void a_filter_by_holders_reports_unreadable_ones() throws IOException {
    Path attachments = Files.createDirectory(store().home("bad").resolve("attachments"));
    Files.writeString(attachments.resolve("x.json"), "{");
    var context = store().volumes().filterContext();
    var dangling = VolumeFilter.forList(FilterArguments.parse(List.of("dangling=true")), context);

    Listing listing = store().volumes().list(dangling);

    assertThat(listing.volumes())
        .extracting(volume -> volume.name().text())
        .containsExactly("good");
    assertThat(listing.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).hasMessageContaining("attachments/x.json"));
  }
}
