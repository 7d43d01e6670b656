package dev.keg.registry.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivingCopyTest {
  private static final VolumeId ID = VolumeId.parse("0b4e1c9a-0000-4000-8000-000000000001");
  private static final VolumeId OTHER = VolumeId.parse("0b4e1c9a-0000-4000-8000-000000000002");
  private static final Instant SINCE = Instant.parse("2026-11-29T10:00:00Z");

  private final Path disk = Jimfs.newFileSystem(Configuration.unix()).getPath("/disk");
  private final Place place = new Place(new PoolName("fast"), disk);
  private final ArrivingCopy copy = new ArrivingCopy(place, new VolumeName("db"));
  private final Path note = disk.resolve("arriving/@db");
  private final Path draft = disk.resolve("arriving/@@db");
  private final List<Path> synced = new ArrayList<>();

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(copy.home().path());
  }

  @ParameterizedTest
  @CsvSource({"db, db", "@db, db", "@@db, db", "@@@db, ", ".hidden, "})
  void a_copy_and_its_notes_belong_together(String entry, String name) {
    assertThat(ArrivingCopy.of(place.arriving().resolve(entry), place))
        .isEqualTo(
            Optional.ofNullable(name).map(text -> new ArrivingCopy(place, new VolumeName(text))));
  }

  @Test
  void a_copy_continues_where_its_note_says() throws IOException {
    assertThat(copy.home().path()).isEqualTo(disk.resolve("arriving/db"));
    assertThat(copy.since(ID)).isEmpty();

    copy.note(ID, SINCE, synced::add);

    assertThat(copy.since(ID)).contains(SINCE);
    assertThat(copy.since(OTHER)).isEmpty();
    assertThat(Files.readString(note))
        .isEqualTo(
            "{\"schema\":1,\"id\":\"%s\",\"since\":\"2026-11-29T10:00:00Z\"}\n".formatted(ID));
    assertThat(synced).containsExactly(place.arriving());
    assertThat(draft).doesNotExist();
  }

  @Test
  void the_draft_of_a_killed_writer_is_no_obstacle() throws IOException {
    Files.writeString(draft, "{");

    copy.note(ID, SINCE, synced::add);

    assertThat(copy.since(ID)).contains(SINCE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {
          {"schema":1,"id":"ID","since":"yesterday"}
          {"schema":1,"id":"ID","since":"2026-11-29T10:00:00Z","more":1}
          """)
  void an_invalid_note_continues_nothing(String content) throws IOException {
    Files.writeString(note, content.replace("ID", ID.text()));

    assertThat(copy.since(ID)).isEmpty();
  }

  @Test
  void neither_a_note_without_a_copy_nor_a_linked_one_continues_anything() throws IOException {
    copy.note(ID, SINCE, synced::add);
    Path elsewhere = Files.createDirectory(disk.resolve("elsewhere"));
    Files.delete(copy.home().path());
    assertThat(copy.since(ID)).isEmpty();
    Files.createSymbolicLink(copy.home().path(), elsewhere);
    assertThat(copy.since(ID)).isEmpty();

    Files.delete(copy.home().path());
    Files.createDirectory(copy.home().path());
    Files.move(note, elsewhere.resolve("note"));
    Files.createSymbolicLink(note, elsewhere.resolve("note"));
    assertThat(copy.since(ID)).isEmpty();
  }

  @Test
  void nothing_of_a_deleted_copy_remains() throws IOException {
    copy.note(ID, SINCE, synced::add);
    Files.writeString(draft, "{");
    Files.writeString(copy.home().path().resolve("file"), "");

    copy.delete();
    copy.delete();

    assertThat(place.arriving()).isEmptyDirectory();
  }
}
