package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.FAST;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.registry.Unfinished.Kind;
import dev.keg.registry.pool.Place;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UnfinishedNotesTest {
  private static final String FIELDS =
      "\"created\":\"2026-11-20T10:00:00Z\",\"description\":\"\",\"driver\":\"local\","
          + "\"host\":{\"id\":\"\",\"name\":\"\"},\"id\":\"%s\",\"labels\":{},\"options\":{},"
              .formatted(volume(DB).details().id())
          + "\"protected\":\"\",\"updated\":\"2026-11-20T10:00:00Z\"";

  private final RootInMemory root = new RootInMemory();

  private VolumeHome stage(PoolName pool) {
    return root.open().stage(DB, pool);
  }

  private static Path file(VolumeHome home) {
    return home.file("unfinished.json");
  }

  private Path witnesses() {
    return root.layout.root().resolve("unfinished");
  }

  @ParameterizedTest
  @EnumSource
  void what_is_noted_is_read(Kind kind) throws IOException {
    VolumeHome home = stage(PoolName.DEFAULT);
    Unfinished unfinished = new Unfinished(kind, volume(DB), home);

    unfinished.note(root.layout);

    assertThat(Unfinished.read(home)).isEqualTo(unfinished);
    assertThat(Files.readString(file(home)))
        .isEqualTo(
            "{\"schema\":1,\"kind\":\"%s\",\"name\":\"db\",%s}\n"
                .formatted(kind == Kind.VOLUME ? "volume" : "snapshot", FIELDS));
    assertThat(witnesses()).doesNotExist();
  }

  @Test
  void a_home_in_a_pool_is_trusted_only_with_a_witness_in_the_root() throws IOException {
    Place pool = root.addPool();
    VolumeHome home = stage(FAST);
    Unfinished unfinished = new Unfinished(Kind.VOLUME, volume(DB), home);

    unfinished.note(root.layout);

    Path witness = witnesses().resolve(home.path().getFileName().toString());
    assertThat(witness).isEmptyFile();
    assertThat(RootInMemory.mode(witnesses())).isEqualTo("rwx------");
    assertThat(Unfinished.isNoted(root.layout, pool, home.path())).isTrue();
    Files.delete(witness);
    assertThat(Unfinished.isNoted(root.layout, pool, home.path())).isFalse();
    assertThat(Unfinished.isNoted(root.layout, root.layout.places().own(), home.path())).isTrue();
  }

  @Test
  void a_link_is_not_a_note() throws IOException {
    VolumeHome home = stage(PoolName.DEFAULT);
    assertThat(Unfinished.isNoted(home)).isFalse();
    Files.createSymbolicLink(
        file(home), RootInMemory.write(root.files.getPath("/elsewhere/note"), ""));

    assertThat(Unfinished.isNoted(home)).isFalse();
    assertThat(Unfinished.isNoted(root.layout, root.layout.places().own(), home.path())).isFalse();
  }

  @Test
  void nothing_is_left_of_a_note_that_is_forgotten() throws IOException {
    root.addPool();
    VolumeHome home = stage(FAST);
    Unfinished unfinished = new Unfinished(Kind.VOLUME, volume(DB), home);
    unfinished.note(root.layout);
    assertThat(Unfinished.isNoted(home)).isTrue();
    VolumeHome published = root.layout.home(DB);
    Files.createDirectories(published.path());
    Files.move(file(home), file(published));

    unfinished.forget(root.layout, published);
    unfinished.forget(root.layout, published);

    assertThat(file(published)).doesNotExist();
    assertThat(witnesses()).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {                                                          | it is cut off
          {"schema":1,"kind":"image","name":"db",FIELDS}             | unknown kind "image"
          {"schema":1,"kind":"volume","name":"d",FIELDS}             | too short
          {"schema":1,"kind":"volume","name":"db",FIELDS,"more":"1"} | unknown field "more"
          {"schema":1,"kind":"volume","name":"db"}                   | is missing
          {"schema":2,"kind":"volume","name":"db",FIELDS}            | has schema 2
          """)
  void a_note_that_cannot_be_understood_says_why(String content, String reason) throws IOException {
    VolumeHome home = stage(PoolName.DEFAULT);
    Files.writeString(file(home), content.replace("FIELDS", FIELDS));

    assertThatThrownBy(() -> Unfinished.read(home))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file(home) + " cannot be read: ")
        .hasMessageContaining(reason);
  }
}
