package dev.keg.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.VolumeFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No name, link or command leads out of the root, and reading changes nothing. */
class ContainmentTest {
  private Path directory = Path.of("/");
  private Path root = Path.of("/");
  private Path precious = Path.of("/");

  @BeforeEach
  void a_root_beside_something_precious() throws IOException {
    directory = FaultyFileSystem.forceable(FaultPoints.inMemory());
    root = directory.resolve("root");
    precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("file"), "mine");
    store().fill("db");
  }

  private Store store() {
    return Store.open(root);
  }

  private void assertNothingIsTouched() {
    assertThat(precious.resolve("file")).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "../precious",
        "db/../../../precious",
        "/keg/precious",
        "db/_data",
        "a\0b",
        "-x",
        "a b",
        "a\nb",
        "\u00e4\u00f6",
        "db/"
      })
  void an_invalid_name_is_never_a_path(String text) {
    Volumes volumes = store().volumes();
    assertThat(volumes.exists(text)).isFalse();
    assertThatThrownBy(() -> volumes.inspect(text)).isInstanceOf(VolumeException.class);
    assertThatThrownBy(() -> volumes.remove(text, Removal.Mode.NORMAL))
        .isInstanceOf(VolumeException.class);
    volumes.remove(text, Removal.Mode.FORCE);
    assertThatThrownBy(() -> volumes.update(text, VolumeChange.ofLabels(Labels.NONE, List.of("x"))))
        .isInstanceOf(VolumeException.class);
    assertThatThrownBy(() -> volumes.rename(text, "other")).isInstanceOf(VolumeException.class);
    assertThatThrownBy(() -> volumes.rename("db", text)).isInstanceOf(VolumeException.class);
    assertNothingIsTouched();
    assertThat(store().list().volumes()).hasSize(1);
  }

  @Test
  void links_in_a_volume_are_removed_and_not_what_they_lead_to() throws IOException {
    Path data = store().home("db").resolve("_data");
    Files.createSymbolicLink(data.resolve("file"), precious.resolve("file"));
    Files.createSymbolicLink(data.resolve("directory/up"), precious);
    Files.createSymbolicLink(data.resolve("nowhere"), directory.resolve("nothing"));

    store().volumes().remove("db", Removal.Mode.NORMAL);

    assertNothingIsTouched();
    assertThat(root.resolve("volumes")).isEmptyDirectory();
    assertThat(root.resolve("trash")).isEmptyDirectory();
  }

  @Test
  void prune_does_not_follow_links_either() throws IOException {
    Path data = store().home("db").resolve("_data");
    Files.createSymbolicLink(data.resolve("up"), precious);

    assertThat(prune(store()).reclaimed().bytes()).isEqualTo("data of db".length());

    assertNothingIsTouched();
  }

  @Test
  void prune_leaves_a_volume_whose_data_leads_elsewhere() throws IOException {
    Path data = store().home("db").resolve("_data");
    Files.move(data, data.resolveSibling("moved"));
    Files.createSymbolicLink(data, precious);

    Pruning.Result result = prune(store());

    assertThat(result.removed()).isEmpty();
    assertThat(result.problems()).hasSize(1);
    assertNothingIsTouched();
  }

  @Test
  void a_root_may_be_reached_through_a_link() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), root);

    Store.open(link).fill("cache");
    Store.open(link).volumes().rename("cache", "cache2");
    Store.open(link).volumes().remove("db", Removal.Mode.NORMAL);

    assertThat(store().list().volumes())
        .extracting(volume -> volume.name().text())
        .containsExactly("cache2");
    assertThat(Store.open(link).leftovers()).isEmpty();
  }

  @Test
  void looking_changes_nothing() throws IOException {
    Files.createDirectories(root.resolve("trash/00.0123456789abcdef/_data"));
    var faulty = FaultyFileSystem.over(directory.getFileSystem());
    Store store = Store.open(faulty.wrap(root));

    store.list();
    store.volumes().inspect("db");
    store.volumes().exists("db");
    store.volumes().overview(store.list().volumes().getFirst()).status();
    store.volumes().usage(store.list().volumes().getFirst());
    store.volumes().pruning().candidates(all(store));

    assertThat(faulty.operations()).isEmpty();
  }

  private static VolumeFilter all(Store store) {
    return VolumeFilter.forPrune(true, FilterArguments.NONE, store.volumes().filterContext());
  }

  private static Pruning.Result prune(Store store) {
    return store.volumes().pruning().prune(all(store));
  }
}
