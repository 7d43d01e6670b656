package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.Storage;
import dev.keg.error.MoveException;
import dev.keg.error.MoveException.Archived;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.MoveJournal.Manner;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be done with a volume that moves to or from another host, or is archived. */
class MovingVolumesTest {
  private static final VolumeName RENAMED = new VolumeName("renamed");
  private static final String AWAY = "the volume is moving to there";
  private static final String ARRIVING = "the volume is still arriving from there";

  private final TestRoot root = TestRoot.inMemory(new GrowingDriver());
  private final Services services = root.open();
  private final Volumes volumes = new Volumes(services);

  @BeforeEach
  void volume() {
    volumes.create(request("db", "growing", "size=10"));
  }

  private void move(Phase phase) {
    new MoveJournal(phase, "1", DB, "there", DB, Instant.EPOCH, Manner.UNKNOWN, Optional.empty())
        .write(services.registry());
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"COPYING", "HELD", "ARRIVED"})
  void a_volume_that_is_here_changes_its_size_and_its_name(Phase phase) {
    move(phase);

    assertThat(new Sizes(services).resize("db", new Size(20)).options().map())
        .containsEntry("size", "20");
    volumes.rename("db", "renamed");

    assertThat(volumes.names()).containsExactly(RENAMED);
  }

  @ParameterizedTest
  @CsvSource({
    "LEAVING, " + AWAY,
    "REVOKING, " + AWAY,
    "ARRIVING, " + ARRIVING,
    "READY, " + ARRIVING
  })
  void a_volume_that_is_not_here_keeps_its_size_and_its_name(Phase phase, String why) {
    move(phase);

    assertThatThrownBy(() -> new Sizes(services).resize("db", new Size(20)))
        .isInstanceOf(MoveException.class)
        .hasMessageStartingWith("resize db: " + why);
    assertThatThrownBy(() -> volumes.rename("db", "renamed"))
        .isInstanceOf(MoveException.class)
        .hasMessageStartingWith("rename db: " + why);
    assertThat(volumes.names()).containsExactly(DB);
    assertThat(root.home().data().resolve("size")).hasContent("10");
  }

  @ParameterizedTest
  @CsvSource({"COPYING, renamed", "ARRIVED, db"})
  void a_move_continues_under_the_new_name_unless_it_has_ended(Phase phase, VolumeName name) {
    move(phase);

    volumes.rename("db", "renamed");

    MoveJournal journal = MoveJournal.read(root.layout.home(RENAMED)).orElseThrow();
    assertThat(journal.phase()).isEqualTo(phase);
    assertThat(journal.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void the_only_usable_copy_is_not_removed(Phase phase) {
    move(phase);

    if (phase == Phase.LEAVING || phase == Phase.REVOKING) {
      assertThatThrownBy(() -> volumes.remove("db", Removal.Mode.FORCE))
          .isInstanceOf(MoveException.MovedAway.class);
      assertThat(volumes.exists("db")).isTrue();
    } else {
      volumes.remove("db", Removal.Mode.NORMAL);
      assertThat(volumes.exists("db")).isFalse();
    }
  }

  @Test
  void an_archived_volume_is_listed_without_its_data() throws IOException {
    Volume db = services.registry().get("get", DB);
    root.archive(DB);
    Volumes next = new Volumes(root.open());
    Overview overview = next.overview(db);

    assertThat(overview.isArchived()).isTrue();
    assertThat(overview.status()).isEqualTo(VolumeStatus.ARCHIVED);
    assertThat(overview.pool()).isEqualTo("cold");
    assertThat(overview.storage())
        .isEqualTo(
            Storage.fileSystem("", root.layout.root().resolve("archives/cold/volumes/db/_data")));
  }

  @Test
  void the_data_of_an_archived_volume_is_not_visible() throws IOException {
    VolumeName plain = new VolumeName("plain");
    volumes.create(request("plain", "local"));
    assertThat(volumes.visible(plain)).isPresent();

    root.archive(plain);

    assertThat(new Volumes(root.open()).visible(plain)).isEmpty();
  }

  @Test
  void an_archived_volume_keeps_its_size_and_its_name() throws IOException {
    root.archive(DB);
    Services next = root.open();

    assertThatThrownBy(() -> new Sizes(next).resize("db", new Size(20)))
        .isInstanceOf(Archived.class);
    assertThatThrownBy(() -> new Volumes(next).rename("db", "renamed"))
        .isInstanceOf(Archived.class);
  }
}
