package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.FAST;
import static dev.keg.registry.RootInMemory.WWW;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.registry.pool.Place;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelocationsTest {
  private static final Instant SINCE = Instant.parse("2026-11-29T10:00:00Z");

  private final RootInMemory root = new RootInMemory();
  private Place pool;
  private ArrivingCopy copy;

  @BeforeEach
  void make() {
    pool = root.addPool();
    copy = new ArrivingCopy(pool, DB);
    root.make(DB, PoolName.DEFAULT);
  }

  private Relocations relocations() {
    return root.open().relocations();
  }

  private Path old() {
    return root.layout.volumes().resolve("db");
  }

  private Path relocating() {
    return root.layout.root().resolve("relocating");
  }

  private Path note(Path directory, String... pools) throws IOException {
    return RootInMemory.write(
        directory, "{\"schema\":1,\"places\":[\"" + String.join("\",\"", pools) + "\"]}");
  }

  /** A copy with other content than the volume. */
  private void arrive() {
    Relocations relocations = relocations();
    relocations.prepare(copy);
    RootInMemory.fill(copy.home(), "copy");
    relocations.note(copy, volume(DB), SINCE);
  }

  /** The state after a kill between the arrival of the new home and its record. */
  private void arriveHalf() throws IOException {
    arrive();
    Files.writeString(
        copy.home().file("volume.json"), Files.readString(old().resolve("volume.json")));
    Files.move(copy.home().path(), pool.home(DB).path());
    note(relocating().resolve("db"), "default", "fast");
  }

  private void record() throws IOException {
    RootInMemory.write(root.layout.places().file(DB), "{\"schema\":1,\"pool\":\"fast\"}");
  }

  @Test
  void a_copy_begins_as_an_empty_home() throws IOException {
    relocations().prepare(copy);

    assertThat(copy.home().path()).isEqualTo(pool.arriving().resolve("db")).isEmptyDirectory();
    assertThat(RootInMemory.mode(pool.arriving())).isEqualTo("rwx------");
    assertThat(RootInMemory.mode(copy.home().path())).isEqualTo("rwx--x--x");
  }

  @Test
  void a_restarted_copy_has_nothing_of_the_previous_one() {
    arrive();

    relocations().prepare(copy);

    assertThat(copy.home().path()).isEmptyDirectory();
    assertThat(pool.arriving().resolve("@db")).doesNotExist();
  }

  @Test
  void an_abandoned_copy_is_gone_with_its_note() {
    arrive();

    relocations().abandon(copy);

    assertThat(pool.arriving()).isEmptyDirectory();
  }

  @Test
  void a_complete_copy_becomes_the_volume_and_the_old_home_is_deleted() throws IOException {
    arrive();
    Relocations relocations = relocations();
    List<VolumeHome> leaving = new ArrayList<>();
    root.synced.clear();
    Volume moved = volume(DB).withDescription("moved");

    relocations.complete(
        moved,
        copy,
        home -> {
          assertThat(home.data().resolve("file")).hasContent("db");
          leaving.add(home);
        });

    assertThat(root.layout.home(DB).path()).isEqualTo(pool.volumes().resolve("db"));
    assertThat(root.layout.home(DB).data().resolve("file")).hasContent("copy");
    assertThat(pool.arriving()).isEmptyDirectory();
    assertThat(root.open().find(DB)).contains(moved);
    assertThat(leaving).hasSize(1);
    assertThat(old()).doesNotExist();
    assertThat(root.layout.trash()).isEmptyDirectory();
    assertThat(relocating()).isEmptyDirectory();
    assertThat(RootInMemory.mode(relocating())).isEqualTo("rwx------");
    assertThat(root.synced)
        .containsExactly(
            copy.home().path(),
            copy.home().path(),
            root.layout.root(),
            relocating(),
            pool.volumes(),
            root.layout.root(),
            root.layout.places().pooled(),
            root.layout.volumes(),
            relocating());
  }

  @Test
  void a_volume_returns_from_a_pool() {
    root.open().remove(List.of(DB), Size.ZERO);
    root.make(DB, FAST);
    ArrivingCopy back = new ArrivingCopy(root.layout.places().own(), DB);
    Relocations relocations = relocations();
    relocations.prepare(back);
    RootInMemory.fill(back.home(), "back");

    relocations.complete(volume(DB), back, _ -> {});

    assertThat(old().resolve("_data/file")).hasContent("back");
    assertThat(root.layout.home(DB).path()).isEqualTo(old());
    assertThat(pool.volumes()).isEmptyDirectory();
    assertThat(root.layout.places().pooled()).isEmptyDirectory();
  }

  @Test
  void a_completed_move_ends_the_unfinished_ones_to_other_pools() {
    Path disk = root.disk.resolveSibling("slow");
    Place slow = root.open().pools().add(new PoolName("slow"), disk).place();
    ArrivingCopy other = new ArrivingCopy(slow, DB);
    Relocations relocations = relocations();
    relocations.prepare(other);
    relocations.note(other, volume(DB), SINCE);
    arrive();
    assertThat(relocations().unfinished(DB)).containsExactlyInAnyOrder(copy, other);

    relocations().complete(volume(DB), copy, _ -> {});

    assertThat(slow.arriving()).isEmptyDirectory();
  }

  @Test
  void an_old_home_that_cannot_be_given_up_is_left_and_the_volume_has_moved_all_the_same() {
    arrive();

    relocations()
        .complete(
            volume(DB),
            copy,
            _ -> {
              throw new DriverFailed("move", "db", "the server is silent");
            });

    assertThat(root.layout.home(DB).data().resolve("file")).hasContent("copy");
    assertThat(root.debug)
        .anyMatch(line -> line.matches("cannot sweep /srv/root/trash/.*: .*the server is silent"));
    assertThat(relocating()).isEmptyDirectory();
    root.open();
    assertThat(root.layout.trash()).isEmptyDirectory();
  }

  @Test
  void an_old_home_that_cannot_be_deleted_is_left_to_the_next_command() {
    arrive();
    List<Path> graves = new ArrayList<>();

    relocations()
        .complete(
            volume(DB),
            copy,
            home -> {
              graves.add(home.path());
              Path note = home.file("removed-data");
              FileFailures.run("write", note, () -> Files.write(note, new byte[2 << 20]));
            });

    assertThat(graves.getFirst()).exists();
    assertThat(root.debug).contains("cannot sweep " + graves.getFirst() + ": too large");
    assertThat(relocating()).isEmptyDirectory();
  }

  @Test
  void a_move_first_ends_a_previous_one_that_was_killed() throws IOException {
    Place slow =
        root.open().pools().add(new PoolName("slow"), root.disk.resolveSibling("slow")).place();
    ArrivingCopy other = new ArrivingCopy(slow, DB);
    Relocations relocations = relocations();
    arriveHalf();
    relocations.prepare(other);
    RootInMemory.fill(other.home(), "other");

    relocations.complete(volume(DB), other, _ -> {});

    assertThat(pool.home(DB).path()).doesNotExist();
    assertThat(root.layout.home(DB).path()).isEqualTo(slow.home(DB).path());
  }

  @Test
  void a_disk_that_breaks_after_the_decision_does_not_revert_it() {
    arrive();
    DirectorySync sync =
        directory -> {
          if (directory.equals(root.layout.volumes())) {
            throw new IOException("the disk is broken");
          }
        };
    VolumeRegistry registry = root.with(sync, null);
    registry.openForWriting();

    registry.relocations().complete(volume(DB), copy, _ -> {});

    assertThat(root.layout.home(DB).data().resolve("file")).hasContent("copy");
    assertThat(root.debug)
        .contains("cannot sweep " + relocating().resolve("db") + ": the disk is broken");
  }

  @Test
  void an_unfinished_copy_is_one_of_this_volume_in_another_place() throws IOException {
    assertThat(relocations().unfinished(DB)).isEmpty();
    arrive();
    assertThat(relocations().unfinished(DB)).containsExactly(copy);
    assertThat(relocations().unfinished(WWW)).isEmpty();

    Relocations relocations = relocations();
    relocations.note(copy, volume(WWW), SINCE);
    assertThat(relocations.unfinished(DB)).as("of another volume").isEmpty();
    relocations.note(copy, volume(DB), SINCE);
    record();
    RootInMemory.write(
        pool.home(DB).file("volume.json"), Files.readString(old().resolve("volume.json")));
    assertThat(relocations.unfinished(DB)).as("where it is already").isEmpty();
    Files.delete(root.layout.places().file(DB));
    Files.delete(old().resolve("volume.json"));
    assertThat(relocations.unfinished(DB)).as("no volume").isEmpty();
  }

  @Test
  void the_home_of_another_volume_becomes_the_copy_and_counts_as_unused() throws IOException {
    VolumeHome other = root.make(WWW, FAST);
    RootInMemory.write(root.layout.attachments(other).resolve("web"), "");
    Relocations relocations = relocations();
    relocations.prepare(copy);
    RootInMemory.fill(copy.home(), "incomplete");

    relocations.adopt(WWW, copy.home());

    assertThat(copy.home().data().resolve("file")).hasContent("www");
    assertThat(root.layout.attachments(copy.home())).isEmptyDirectory();
    assertThat(root.open().names()).containsExactly(DB);
    assertThat(root.layout.places().file(WWW)).doesNotExist();
  }

  @Test
  void a_killed_move_is_reverted_before_its_decision() throws IOException {
    arriveHalf();
    root.synced.clear();

    root.open();

    assertThat(root.layout.home(DB).data().resolve("file")).hasContent("db");
    assertThat(pool.home(DB).path()).doesNotExist();
    assertThat(relocating()).isEmptyDirectory();
    assertThat(pool.trash()).isEmptyDirectory();
    assertThat(root.synced).containsExactly(pool.volumes(), relocating());
  }

  @Test
  void a_killed_move_is_completed_after_its_decision() throws IOException {
    arriveHalf();
    record();

    root.open();

    assertThat(root.layout.home(DB).data().resolve("file")).hasContent("copy");
    assertThat(old()).doesNotExist();
    assertThat(relocating()).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void nothing_is_decided_while_a_pool_is_missing(boolean decided) throws IOException {
    arriveHalf();
    if (decided) {
      record();
    }
    root.unmount();

    root.open();

    assertThat(old()).exists();
    assertThat(relocating().resolve("db")).exists();
    assertThat(root.debug)
        .as("nor is it a failure")
        .noneMatch(line -> line.startsWith("cannot sweep"));
    root.mount();
    root.open();
    assertThat(relocating()).isEmptyDirectory();
    assertThat(root.layout.home(DB).data().resolve("file")).hasContent(decided ? "copy" : "db");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          { | it is cut off
          {"schema":1,"places":["default","fast"],"more":1} | unknown field "more"
          """)
  void a_damaged_note_deletes_nothing(String content, String reason) throws IOException {
    arriveHalf();
    Path note = Files.writeString(relocating().resolve("db"), content);

    root.open();

    assertThat(old()).exists();
    assertThat(pool.home(DB).path()).exists();
    assertThat(root.debug)
        .contains("cannot sweep %s: %s is damaged: %s".formatted(relocating(), note, reason));
  }

  @Test
  void a_note_that_is_damaged_does_not_stop_the_sweeping_of_others() throws IOException {
    arriveHalf();
    RootInMemory.write(relocating().resolve("aa"), "{");
    RootInMemory.write(relocating().resolve("zz"), "{");

    root.open();

    assertThat(pool.home(DB).path()).doesNotExist();
  }

  @Test
  void a_directory_of_notes_that_cannot_be_read_is_reported() throws IOException {
    RootInMemory.write(relocating(), "");

    root.open();

    assertThat(root.debug)
        .contains("cannot sweep %1$s: list: %1$s: not a directory".formatted(relocating()));
  }

  @Test
  void a_volume_that_is_removed_from_its_pool_does_not_return_with_its_old_home()
      throws IOException {
    VolumeRegistry registry = root.open();
    arriveHalf();
    record();

    registry.remove(List.of(DB), Size.ZERO);

    assertThat(old()).doesNotExist();
    assertThat(root.open().names()).isEmpty();
  }

  @Test
  void a_volume_that_is_removed_with_its_data_does_not_return_either() throws IOException {
    VolumeRegistry registry = root.open();
    arriveHalf();
    record();

    registry.remove(DB, Files.createDirectory(root.files.getPath("/data")));

    assertThat(old()).doesNotExist();
  }

  @Test
  void a_renamed_volume_does_not_leave_its_old_home_behind() throws IOException {
    VolumeRegistry registry = root.open();
    arriveHalf();
    record();

    registry.rename(DB, WWW);

    assertThat(old()).doesNotExist();
    assertThat(root.open().names()).containsExactly(WWW);
  }

  @Test
  void the_home_of_a_volume_in_the_root_is_not_taken_for_an_old_one() throws IOException {
    VolumeRegistry registry = root.open();
    arriveHalf();

    registry.rename(DB, WWW);

    assertThat(root.layout.home(WWW).data().resolve("file")).hasContent("db");
  }

  @Test
  void a_home_without_a_note_is_not_mistaken_for_an_old_one() throws IOException {
    VolumeRegistry registry = root.open();
    arriveHalf();
    record();
    Files.delete(relocating().resolve("db"));

    registry.rename(DB, WWW);

    assertThat(old()).exists();
  }

  @Test
  void nothing_is_deleted_in_a_pool_that_is_forgotten() throws IOException {
    arriveHalf();
    note(relocating().resolve("www"), "default", "slow");
    root.unmount();
    root.synced.clear();

    root.open().pools().remove(FAST, true);

    assertThat(relocating().resolve("db")).doesNotExist();
    assertThat(relocating().resolve("www")).exists();
    assertThat(root.synced).contains(relocating());
    root.mount();
    root.open();
    assertThat(pool.home(DB).path()).exists();
  }

  @Test
  void the_copies_of_a_pool_that_is_removed_are_deleted() {
    arrive();

    root.open().pools().remove(FAST, false);

    assertThat(root.disk).isEmptyDirectory();
  }

  @Test
  void a_copy_that_no_move_can_continue_is_deleted() throws IOException {
    arrive();
    root.open();
    assertThat(copy.home().path()).exists();
    Path stranger = RootInMemory.write(pool.arriving().resolve(".hidden"), "");
    Path gone = RootInMemory.write(pool.arriving().resolve("@gone"), "{");
    Path draft = RootInMemory.write(pool.arriving().resolve("@@other"), "{");
    Files.delete(pool.arriving().resolve("@db"));

    root.open();

    assertThat(copy.home().path()).doesNotExist();
    assertThat(gone).doesNotExist();
    assertThat(draft).doesNotExist();
    assertThat(stranger).exists();
  }

  @Test
  void a_copy_is_kept_while_the_place_of_its_volume_is_missing() throws IOException {
    ArrivingCopy back = new ArrivingCopy(root.layout.places().own(), WWW);
    root.make(WWW, FAST);
    relocations().prepare(back);
    root.unmount();

    root.open();
    assertThat(back.home().path()).exists();
    assertThat(root.debug)
        .as("nor is it a failure")
        .noneMatch(line -> line.startsWith("cannot sweep"));
    root.mount();
    root.open();
    assertThat(back.home().path()).doesNotExist();
  }

  @Test
  void copies_that_cannot_be_listed_are_reported() throws IOException {
    RootInMemory.write(pool.arriving(), "");

    root.open();

    assertThat(root.debug)
        .contains("cannot sweep %1$s: list: %1$s: not a directory".formatted(pool.arriving()));
  }

  /** Locks in memory exclude nobody. */
  @Test
  void a_copy_is_kept_while_a_command_moves_its_volume(@TempDir Path scratch) throws IOException {
    Path real = scratch.toRealPath();
    VolumeRegistry registry = RootInMemory.onDisk(real.resolve("root"));
    registry.publish(volume(DB), registry.stage(DB, PoolName.DEFAULT));
    Place there = registry.pools().add(FAST, real.resolve("disk")).place();
    ArrivingCopy moving = new ArrivingCopy(there, DB);
    registry.relocations().prepare(moving);

    try (MoveLock _ = MoveLock.take("move", DB, registry.layout().home(DB))) {
      var _ = RootInMemory.onDisk(real.resolve("root"));
      assertThat(moving.home().path()).exists();
    }
    var _ = RootInMemory.onDisk(real.resolve("root"));
    assertThat(moving.home().path()).doesNotExist();
  }

  @Test
  void a_move_that_fails_before_its_decision_is_an_error_with_the_name() throws IOException {
    arrive();
    RootInMemory.write(pool.home(DB).path().resolve("file"), "in the way");

    assertThatThrownBy(() -> relocations().complete(volume(DB), copy, _ -> {}))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("move db: ");

    assertThat(root.layout.home(DB).path()).isEqualTo(old());
    assertThat(root.layout.places().poolOf(DB)).isEqualTo(PoolName.DEFAULT);
  }

  @Test
  void a_note_about_nothing_is_deleted() throws IOException {
    note(relocating().resolve("gone"), "default", "fast");

    root.open();

    assertThat(relocating()).isEmptyDirectory();
  }
}
