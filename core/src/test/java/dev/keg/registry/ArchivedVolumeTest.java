package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.FAST;
import static dev.keg.registry.RootInMemory.WWW;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.MoveException.Archived;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.registry.pool.Place;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchivedVolumeTest {
  private static final PoolName COLD = new PoolName("cold");
  private static final ArchivedVolume ARCHIVED =
      new ArchivedVolume("/backups", "20261129T100000Z-00000000", new Size(1024));

  private final RootInMemory root = new RootInMemory();
  private final VolumeHome home = new VolumeHome(root.files.getPath("/home/db"));

  private Path file() throws IOException {
    Files.createDirectories(home.path());
    return home.file("archived.json");
  }

  /** Archives a volume as a move does: its home in the archive has no data. */
  private void archive(VolumeName name, Place place, ArchivedVolume archived) throws IOException {
    Files.createDirectories(place.home(name).path());
    Files.write(place.home(name).file("volume.json"), VolumeFile.write(volume(name)));
    archived.writeInto(place.home(name));
    root.open().relocations().point(name, place);
  }

  @Test
  void what_is_written_is_read() throws IOException {
    Path file = file();
    assertThat(ArchivedVolume.isIn(home)).isFalse();
    assertThat(ArchivedVolume.read(home)).isEmpty();

    ARCHIVED.writeInto(home);

    assertThat(ArchivedVolume.isIn(home)).isTrue();
    assertThat(ArchivedVolume.read(home)).contains(ARCHIVED);
    assertThat(Files.readString(file))
        .isEqualTo(
            "{\"schema\":1,\"backup\":\"20261129T100000Z-00000000\",\"bytes\":1024,"
                + "\"repository\":\"/backups\"}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          { | it is cut off
          {"schema":1,"backup":"b","bytes":-1,"repository":"r"} | a size is not negative
          {"schema":1,"backup":"b","bytes":1,"repository":"r","more":1} | unknown field "more"
          """)
  void a_damaged_file_is_an_error(String content, String reason) throws IOException {
    Files.writeString(file(), content);

    assertThat(ArchivedVolume.isIn(home)).isTrue();
    assertThatThrownBy(() -> ArchivedVolume.read(home))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("read: /home/db/archived.json: damaged: ")
        .hasMessageContaining(reason);
  }

  @Test
  void an_archived_volume_is_refused_with_its_repository() throws IOException {
    file();
    assertThatCode(() -> ArchivedVolume.requireNone("mount", DB, home)).doesNotThrowAnyException();
    ARCHIVED.writeInto(home);

    assertThatThrownBy(() -> ArchivedVolume.requireNone("mount", DB, home))
        .isInstanceOf(Archived.class)
        .hasMessage("mount db: the volume is archived in /backups");
  }

  @Test
  void the_volumes_of_archives_are_found_by_their_backups() throws IOException {
    assertThat(ArchivedVolume.byBackup(root.closed(null))).as("no root").isEmpty();
    Place cold = root.open().pools().addArchive(COLD, "/backups").place();
    root.addPool();
    archive(DB, cold, ARCHIVED);
    // A pool is no archive, whatever is in its homes.
    archive(WWW, root.layout.places().require(FAST), new ArchivedVolume("r", "other", Size.ZERO));

    assertThat(ArchivedVolume.byBackup(root.closed(null)))
        .containsExactly(Map.entry(ARCHIVED.backup(), DB));
  }

  @Test
  void no_snapshot_is_taken_of_an_archived_volume() throws IOException {
    archive(DB, root.open().pools().addArchive(COLD, "/backups").place(), ARCHIVED);

    assertThatThrownBy(() -> root.open().stageBeside(DB)).isInstanceOf(Archived.class);
  }

  @Test
  void a_volume_in_which_data_returns_is_recognised_by_its_label() {
    Volume archived = volume(DB);
    Volume plain = volume(WWW);
    Volume returning =
        plain.withLabels(
            plain.labels().with(ArchivedVolume.RETURNING, archived.details().id().text()));

    assertThat(ArchivedVolume.isReturning(returning)).isTrue();
    assertThat(ArchivedVolume.isReturning(plain)).isFalse();
    assertThat(ArchivedVolume.isReturning(returning, archived)).isTrue();
    assertThat(ArchivedVolume.isReturning(plain, archived)).isFalse();
    assertThat(ArchivedVolume.isReturning(returning, plain)).isFalse();
  }
}
