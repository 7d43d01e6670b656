package dev.keg.registry.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.MoveException.MovedAway;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.journal.RestoreJournal.Phase;
import dev.keg.registry.journal.RestoreJournal.Progress;
import dev.keg.volume.VolumeHome;
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
import org.junit.jupiter.params.provider.EnumSource;

class RestoreJournalTest {
  private static final VolumeName DB = new VolumeName("db");

  private final List<Path> synced = new ArrayList<>();
  private VolumeHome home;
  private RestoreJournal journal;

  @BeforeEach
  void open() throws IOException {
    Path directory = Jimfs.newFileSystem(Configuration.unix()).getPath("/db");
    home = new VolumeHome(Files.createDirectory(directory));
    journal = new RestoreJournal(RegistryLayout.restoreJournal(home), synced::add);
  }

  private Path file() {
    return RegistryLayout.restoreJournal(home);
  }

  private Path draft() {
    return file().resolveSibling("restore.json.tmp");
  }

  @ParameterizedTest
  @EnumSource
  void what_is_written_is_read(Phase phase) throws IOException {
    journal.write(phase, 4711);

    assertThat(journal.read()).contains(new Progress(phase, 4711));
    assertThat(Files.readString(file()))
        .isEqualTo("{\"schema\":1,\"inode\":4711,\"phase\":\"%s\"}\n".formatted(phase));
    assertThat(synced).containsExactly(home.path());
    assertThat(draft()).doesNotExist();
  }

  @Test
  void without_a_restore_there_is_no_progress() {
    assertThat(journal.read()).isEmpty();
  }

  @Test
  void a_journal_is_deleted_and_may_be_deleted_again() {
    journal.write(Phase.STAGING, 1);

    journal.delete();
    journal.delete();

    assertThat(journal.read()).isEmpty();
  }

  @Test
  void the_draft_of_a_killed_writer_is_not_an_obstacle() throws IOException {
    Files.writeString(draft(), "{\"sche");

    journal.write(Phase.STAGING, 1);

    assertThat(journal.read()).contains(new Progress(Phase.STAGING, 1));
    assertThat(draft()).doesNotExist();
  }

  @Test
  void the_draft_of_a_killed_writer_is_discarded() throws IOException {
    Files.writeString(draft(), "{\"sche");

    journal.discardDraft();

    assertThat(draft()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{",
        "{\"schema\":1}",
        "{\"schema\":1,\"inode\":1,\"phase\":\"GUESSING\"}",
        "{\"schema\":1,\"inode\":1,\"phase\":\"STAGING\",\"more\":1}"
      })
  void a_damaged_journal_is_an_error(String content) throws IOException {
    Files.writeString(file(), content);

    assertThatThrownBy(journal::read)
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("read: /db/restore.json: damaged: ");
  }

  @ParameterizedTest
  @EnumSource(names = {"STAGING", "EXCHANGING"})
  void a_volume_with_its_old_or_new_content_is_whole(Phase phase) {
    journal.write(phase, 1);

    assertThatCode(() -> RestoreJournal.requireWhole("mount", DB, home)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"STAGING", "EXCHANGING", "FILLING"})
  void a_volume_between_two_contents_is_refused(Phase phase) {
    journal.write(phase, 1);

    assertThatThrownBy(() -> RestoreJournal.requireWhole("mount", DB, home))
        .hasMessage("mount db: an interrupted restore left neither the old content nor the new");
  }

  @Test
  void a_volume_that_a_restore_did_not_fill_is_refused_for_that_reason() {
    journal.write(Phase.FILLING, 1);

    assertThatThrownBy(() -> RestoreJournal.requireWhole("mount", DB, home))
        .hasMessage("mount db: the command that created this volume was killed before filling it");
  }

  @Test
  void a_volume_that_is_moving_away_is_refused_although_it_is_whole() {
    new MoveJournal(
            MoveJournal.Phase.LEAVING,
            "4711",
            DB,
            "host2",
            DB,
            Instant.EPOCH,
            MoveJournal.Manner.UNKNOWN,
            Optional.empty())
        .writeInto(home);

    assertThatThrownBy(() -> RestoreJournal.requireWhole("mount", DB, home))
        .isInstanceOf(MovedAway.class);
  }
}
