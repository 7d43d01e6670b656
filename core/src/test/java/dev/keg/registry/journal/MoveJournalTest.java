package dev.keg.registry.journal;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.WWW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.MoveException.Archived;
import dev.keg.error.MoveException.BeingMoved;
import dev.keg.error.MoveException.MovedAway;
import dev.keg.error.MoveException.NotArrived;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.RootInMemory;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal.Manner;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.registry.lock.MoveLock;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class MoveJournalTest {
  private static final Instant SINCE = Instant.parse("2026-11-29T10:00:00Z");
  private static final Manner CHOSEN = new Manner("sudo keg", true, true);

  private final RootInMemory root = new RootInMemory();
  private VolumeRegistry registry;
  private VolumeHome home;

  @BeforeEach
  void make() {
    home = root.make(DB, PoolName.DEFAULT);
    registry = root.open();
  }

  private static MoveJournal journal(Phase phase) {
    return new MoveJournal(
        phase, "4711", DB, "host2", WWW, SINCE, Manner.UNKNOWN, Optional.empty());
  }

  private static MoveJournal came(Phase phase, String move) {
    return new MoveJournal(phase, "4711", DB, "host2", WWW, SINCE, CHOSEN, Optional.of(move));
  }

  private Path file() {
    return home.file("move.json");
  }

  @ParameterizedTest
  @EnumSource
  void what_is_written_is_read(Phase phase) throws IOException {
    assertThat(MoveJournal.read(home)).isEmpty();

    journal(phase).write(registry);

    assertThat(MoveJournal.read(home)).contains(journal(phase));
    assertThat(Files.readString(file()))
        .isEqualTo(
            "{\"schema\":1,\"id\":\"4711\",\"name\":\"db\",\"peer\":\"host2\",\"peer-name\":\"www\","
                + "\"phase\":\"%s\",\"remote\":\"keg\",\"since\":\"2026-11-29T10:00:00Z\"}\n"
                    .formatted(phase));
    came(phase, "4710").write(registry);
    assertThat(MoveJournal.read(home)).contains(came(phase, "4710"));
    assertThat(Files.readString(file()))
        .contains("\"copy\":true,\"same-place\":true,\"came\":\"4710\"}");
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void each_choice_is_kept_on_its_own(boolean copy, boolean samePlace) {
    MoveJournal chosen = journal(Phase.COPYING).withManner(new Manner("keg", copy, samePlace));

    chosen.write(registry);

    assertThat(MoveJournal.read(home)).contains(chosen);
  }

  @Test
  void an_unpublished_home_has_a_journal_too() {
    VolumeHome staged = registry.stage(WWW, PoolName.DEFAULT);

    journal(Phase.ARRIVING).writeInto(staged);

    assertThat(MoveJournal.read(staged)).contains(journal(Phase.ARRIVING));
  }

  /** Older versions did not write the choices. */
  @Test
  void missing_choices_are_the_usual_ones() throws IOException {
    journal(Phase.READY).write(registry);
    Files.writeString(file(), Files.readString(file()).replace("\"remote\":\"keg\",", ""));

    assertThat(MoveJournal.read(home)).contains(journal(Phase.READY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "READY"  | "GUESSING"   | GUESSING
          "db"     | "d"          | no volume's name
          "www"    | ""           | no volume's name
          2026     | yesterday    | could not be parsed
          "remote" | "distant"    | unknown field "distant"
          "id":    | "identifier": | field "id" is missing
          """)
  void a_damaged_journal_is_an_error(String text, String wrong, String reason) throws IOException {
    journal(Phase.READY).write(registry);
    Files.writeString(file(), Files.readString(file()).replace(text, wrong));

    assertThatThrownBy(() -> MoveJournal.read(home))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("read: /srv/root/volumes/db/move.json: damaged: ")
        .hasMessageContaining(reason);
  }

  @Test
  void one_fact_changes_and_the_others_stay() {
    MoveJournal before = came(Phase.COPYING, "4710");
    Instant later = SINCE.plusSeconds(60);

    assertThat(before.withPhase(Phase.HELD)).isEqualTo(came(Phase.HELD, "4710"));
    assertThat(before.withSince(later))
        .isEqualTo(
            new MoveJournal(
                Phase.COPYING, "4711", DB, "host2", WWW, later, CHOSEN, Optional.of("4710")));
    assertThat(before.withManner(Manner.UNKNOWN))
        .isEqualTo(
            new MoveJournal(
                Phase.COPYING,
                "4711",
                DB,
                "host2",
                WWW,
                SINCE,
                Manner.UNKNOWN,
                Optional.of("4710")));
    assertThat(CHOSEN.withRemote("keg")).isEqualTo(new Manner("keg", true, true));
  }

  @ParameterizedTest
  @CsvSource({
    "COPYING, false, true, HERE",
    "HELD, false, true, HERE",
    "LEAVING, true, true, LEAVING",
    "REVOKING, true, true, LEAVING",
    "ARRIVING, false, true, ARRIVING",
    "READY, false, true, ARRIVING",
    "ARRIVED, false, false, HERE",
  })
  void the_phase_tells_where_the_volume_is(
      Phase phase, boolean leaving, boolean moving, String where) {
    assertThat(journal(phase).isLeaving()).isEqualTo(leaving);
    journal(phase).write(registry);

    assertThat(MoveJournal.isMoving(DB, home)).isEqualTo(moving);
    switch (where) {
      case "HERE" -> {
        MoveJournal.requireHere("mount", DB, home);
        MoveJournal.requireNotLeaving("rm", DB, home);
      }
      case "LEAVING" -> {
        assertThatThrownBy(() -> MoveJournal.requireHere("mount", DB, home))
            .isInstanceOf(MovedAway.class)
            .hasMessageStartingWith("mount db: the volume is moving to host2");
        assertThatThrownBy(() -> MoveJournal.requireNotLeaving("rm", DB, home))
            .isInstanceOf(MovedAway.class);
      }
      default -> {
        assertThatThrownBy(() -> MoveJournal.requireHere("mount", DB, home))
            .isInstanceOf(NotArrived.class)
            .hasMessage("mount db: the volume is still arriving from host2");
        MoveJournal.requireNotLeaving("rm", DB, home);
      }
    }
    // A volume that was renamed after its move is an ordinary one.
    assertThat(MoveJournal.isMoving(WWW, home)).isFalse();
    MoveJournal.requireHere("mount", WWW, home);
    MoveJournal.requireNotLeaving("rm", WWW, home);
  }

  @Test
  void without_a_journal_the_volume_is_here() {
    assertThat(MoveJournal.isMoving(DB, home)).isFalse();
    assertThatCode(() -> MoveJournal.requireHere("mount", DB, home)).doesNotThrowAnyException();
  }

  @Test
  void an_archived_volume_is_not_here() {
    new ArchivedVolume("/backups", "1", Size.ZERO).writeInto(home);

    assertThatThrownBy(() -> MoveJournal.requireHere("mount", DB, home))
        .isInstanceOf(Archived.class);
  }

  @ParameterizedTest
  @CsvSource({
    "COPYING, 4710, true",
    "COPYING, 4711, false",
    "ARRIVED, 4711, true",
    "ARRIVED, 4710, true",
    "ARRIVED, 1, false",
  })
  void a_move_is_remembered_by_what_it_brought(Phase phase, String move, boolean taken) {
    assertThat(came(phase, "4710").hasTaken(move)).isEqualTo(taken);
  }

  /** Locks in memory exclude nobody. */
  @Test
  void a_held_volume_is_refused_only_while_a_command_moves_it(@TempDir Path directory) {
    VolumeHome real = new VolumeHome(directory);
    journal(Phase.HELD).writeInto(real);
    MoveJournal.requireHere("mount", DB, real);

    try (MoveLock _ = MoveLock.take("move", DB, real)) {
      assertThatThrownBy(() -> MoveJournal.requireHere("mount", DB, real))
          .isInstanceOf(BeingMoved.class);
      assertThatThrownBy(() -> MoveJournal.requireNotLeaving("rm", DB, real))
          .isInstanceOf(BeingMoved.class)
          .hasMessage("rm db: the volume is being moved");
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"HELD", "ARRIVING", "READY", "LEAVING", "REVOKING"})
  void a_moving_volume_that_is_not_held_is_usable(Phase phase, @TempDir Path directory) {
    VolumeHome real = new VolumeHome(directory);
    journal(phase).writeInto(real);

    try (MoveLock _ = MoveLock.take("move", DB, real);
        MoveLock _ = MoveLock.hold("move", DB, real)) {
      MoveJournal.requireHere("mount", DB, real);
    }
  }

  @Test
  void a_move_that_ends_leaves_no_journal() {
    journal(Phase.COPYING).write(registry);

    journal(Phase.COPYING).end(registry, DB);

    assertThat(file()).doesNotExist();
  }

  @Test
  void a_move_that_ends_keeps_which_one_brought_the_volume() {
    came(Phase.COPYING, "4710").end(registry, DB);

    assertThat(MoveJournal.read(home))
        .contains(
            new MoveJournal(
                Phase.ARRIVED, "4710", DB, "host2", WWW, SINCE, Manner.UNKNOWN, Optional.empty()));
  }

  private static final VolumeName NEW = new VolumeName("new");

  @Test
  void a_move_continues_under_the_new_name() {
    came(Phase.COPYING, "4710").write(registry);

    MoveJournal.rename(registry, DB, NEW);

    assertThat(MoveJournal.read(home))
        .contains(
            new MoveJournal(
                Phase.COPYING, "4711", NEW, "host2", WWW, SINCE, CHOSEN, Optional.of("4710")));
  }

  @Test
  void the_old_copy_of_a_moved_volume_becomes_an_ordinary_one_when_it_is_renamed() {
    new MoveJournal(Phase.LEAVING, "4711", DB, "host2", WWW, SINCE, CHOSEN, Optional.empty())
        .write(registry);
    registry.rename(DB, NEW);

    MoveJournal.rename(registry, NEW, WWW);

    assertThat(MoveJournal.read(root.layout.home(NEW))).isEmpty();
  }

  @Test
  void a_name_does_not_matter_after_the_arrival() throws IOException {
    MoveJournal.rename(registry, DB, NEW);
    assertThat(file()).doesNotExist();
    journal(Phase.ARRIVED).write(registry);
    String before = Files.readString(file());

    MoveJournal.rename(registry, DB, NEW);

    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void a_volume_is_not_renamed_while_a_command_moves_it(@TempDir Path directory)
      throws IOException {
    VolumeRegistry real = RootInMemory.onDisk(directory.toRealPath().resolve("root"));
    real.publish(RootInMemory.volume(DB), real.stage(DB, PoolName.DEFAULT));
    journal(Phase.COPYING).write(real);

    try (MoveLock _ = MoveLock.take("move", DB, real.layout().home(DB))) {
      assertThatThrownBy(() -> MoveJournal.rename(real, DB, NEW))
          .isInstanceOf(BeingMoved.class)
          .hasMessage("rename db: the volume is being moved");
    }
    assertThat(MoveJournal.read(real.layout().home(DB))).contains(journal(Phase.COPYING));
  }
}
