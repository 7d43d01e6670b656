package dev.keg.moving;

import static dev.keg.moving.MovingHost.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.backup.restore.Restoring;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.MoveException.Archived;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.PoolException.PoolIsArchive;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.fixtures.fault.Killed;
import dev.keg.fixtures.fault.Trial;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.moving.Moving.Moved;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Pool;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class RelocatingTest {
  private static final PoolName COLD = new PoolName("cold");
  private static final List<String> CONTENT = List.of("a=1", "dir/b=2");

  private Path directory;

  @BeforeEach
  void make() throws IOException {
    directory = FaultyFileSystem.forceable(FaultPoints.inMemory());
    prepare(directory);
  }

  private static MovingHost host(Path directory) {
    return new MovingHost(directory.resolve("root"));
  }

  private static void prepare(Path directory) {
    MovingHost host = host(directory);
    host.volumes.create(VolumeRequest.named(DB));
    host.write("a", "1");
    host.write("dir/b", "2");
    host.registry.pools().add(COLD, directory.resolve("disk"));
  }

  private static Moved move(MovingHost host, PoolName to) {
    return host.relocating().move(MoveRequest.of(DB, Optional.empty()), to);
  }

  private static PoolName pool(MovingHost host) {
    return host.registry.layout().places().poolOf(DB);
  }

  @Test
  void a_volume_moves_with_its_data_and_its_identity() {
    var before = host(directory).registry.get("get", DB);
    Moved moved = move(host(directory), COLD);

    MovingHost after = host(directory);
    assertThat(moved.to()).isEqualTo("cold");
    assertThat(after.data()).isEqualTo(directory.resolve("disk/volumes/db/_data"));
    assertThat(after.content()).isEqualTo(CONTENT);
    assertThat(after.registry.get("get", DB)).isEqualTo(before);
    assertThat(directory.resolve("root/volumes")).isEmptyDirectory();

    move(after, PoolName.DEFAULT);
    assertThat(host(directory).content()).isEqualTo(CONTENT);
    assertThat(directory.resolve("disk/volumes")).isEmptyDirectory();
  }

  @Test
  void a_snapshot_that_shared_its_data_with_the_volume_is_a_copy_on_the_other_disk() {
    VolumeRegistry registry = host(directory).registry;
    Snapshot shared =
        new Snapshot(
            registry.get("get", DB),
            new SnapshotName("night"),
            Instant.EPOCH,
            Optional.empty(),
            true,
            true,
            false);
    registry.snapshots().publish(shared, registry.stageBeside(DB));

    move(host(directory), COLD);

    assertThat(host(directory).registry.snapshots().find(DB, shared.name()))
        .contains(shared.asCopy());
  }

  private static final PoolName ARCHIVE = new PoolName("archive");

  private static void archive(Path directory) throws IOException {
    host(directory).addArchive(ARCHIVE, Files.createDirectory(directory.resolve("backups")));
  }

  @Test
  void an_archived_volume_stays_in_the_list_and_says_how_it_comes_back() throws IOException {
    archive(directory);
    var before = host(directory).registry.get("get", DB);
    move(host(directory), ARCHIVE);

    MovingHost archived = host(directory);
    assertThat(archived.registry.names()).containsExactly(DB);
    assertThat(archived.registry.get("get", DB)).isEqualTo(before);
    assertThat(archived.volumes.overview(before).status()).isEqualTo(VolumeStatus.ARCHIVED);
    assertThat(directory.resolve("root/volumes")).isEmptyDirectory();
    assertThatThrownBy(
            () -> RestoreJournal.requireWhole("mount", DB, archived.registry.layout().home(DB)))
        .isInstanceOfSatisfying(
            Archived.class,
            e -> assertThat(e.hint().orElseThrow()).startsWith("`keg move db --pool default`"))
        .hasMessage("mount db: the volume is archived in " + directory.resolve("backups"));
    assertThat(unused(archived)).isEmpty();

    move(host(directory), COLD);
    assertThat(host(directory).content()).isEqualTo(CONTENT);
    assertThat(host(directory).registry.get("get", DB)).isEqualTo(before);
    assertThat(host(directory).registry.names()).containsExactly(DB);
    assertThat(host(directory).volumes.overview(before).lastUsed()).isPresent();
  }

  @Test
  void a_snapshot_that_is_made_while_a_volume_is_saved_is_not_lost() throws IOException {
    archive(directory);
    MovingHost other = host(directory);
    Snapshotting snapshots = new Snapshotting(other.context.services(), other.context.trees());
    SnapshotRequest request =
        new SnapshotRequest("db", Optional.of(new SnapshotName("now")), Optional.empty(), false);
    AtomicBoolean made = new AtomicBoolean();
    TreeListener listener =
        new TreeListener() {
          @Override
          public void note(TreePath path, Note note, String text) {}

          @Override
          public void advanced(long bytes) {
            if (made.compareAndSet(false, true)) {
              var _ = snapshots.create(request);
            }
          }
        };
    assertThatThrownBy(
            () ->
                host(directory)
                    .relocating(listener)
                    .move(MoveRequest.of(DB, Optional.empty()), ARCHIVE))
        .isInstanceOf(MoveFailed.class)
        .hasMessageContaining("it has snapshots");
    assertThat(pool(host(directory))).isEqualTo(PoolName.DEFAULT);
    assertThat(host(directory).registry.snapshots().names(DB)).hasSize(1);
  }

  @Test
  void what_a_restore_can_bring_back_is_not_lost() throws IOException {
    archive(directory);
    Restoring restoring = new Restoring(host(directory).context);
    restoring.replace(
        DB,
        stage ->
            FileFailures.run("write", stage, () -> Files.writeString(stage.resolve("c"), "3")));
    assertThatThrownBy(() -> move(host(directory), ARCHIVE))
        .isInstanceOf(MoveFailed.class)
        .hasMessageContaining("that its last restore replaced");
    restoring.undo(DB);
    assertThat(host(directory).content()).isEqualTo(CONTENT);
    restoring.discard(DB);
    move(host(directory), ARCHIVE);
  }

  @Test
  void a_move_does_not_count_as_a_use_of_the_volume() throws IOException {
    archive(directory);
    FileTime used = FileTime.from(Instant.parse("2030-01-01T00:00:00Z"));
    Files.setLastModifiedTime(
        Files.createDirectory(directory.resolve("root/volumes/db/attachments")), used);
    for (PoolName pool : List.of(COLD, ARCHIVE)) {
      move(host(directory), pool);
      MovingHost moved = host(directory);
      assertThat(moved.volumes.overview(moved.registry.get("get", DB)).lastUsed())
          .hasValue(used.toInstant());
    }
  }

  @Test
  void it_is_known_which_volume_a_backup_has_the_only_data_of() throws IOException {
    archive(directory);
    move(host(directory), ARCHIVE);
    Map<String, VolumeName> archived = ArchivedVolume.byBackup(host(directory).registry);
    assertThat(archived.values()).containsExactly(DB);
  }

  @Test
  void a_file_with_several_names_and_a_hole_is_archived() throws IOException {
    archive(directory);
    Path file = host(directory).data().resolve("a");
    Files.createLink(host(directory).data().resolve("dir/again"), file);
    Files.createSymbolicLink(host(directory).data().resolve("link"), file.getFileName());
    try (FileChannel sparse =
        FileChannel.open(
            host(directory).data().resolve("sparse"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.wrap(new byte[] {1}), 1 << 20);
    }
    move(host(directory), ARCHIVE);
    move(host(directory), PoolName.DEFAULT);
    assertThat(host(directory).content()).startsWith("a=1", "dir/again=1", "dir/b=2").hasSize(5);
  }

  @Test
  void what_no_time_tells_of_is_compared_before_the_data_is_deleted() throws IOException {
    archive(directory);
    Path file = host(directory).data().resolve("a");
    FileTime time = Files.getLastModifiedTime(file);
    AtomicBoolean changed = new AtomicBoolean();
    TreeListener listener =
        new TreeListener() {
          @Override
          public void note(TreePath path, Note note, String text) {}

          @Override
          public void finished() {
            if (changed.compareAndSet(false, true)) {
              FileFailures.run(
                  "change",
                  file,
                  () -> {
                    Files.writeString(file, "2");
                    Files.setLastModifiedTime(file, time);
                  });
            }
          }
        };
    assertThatThrownBy(
            () ->
                host(directory)
                    .relocating(listener)
                    .move(MoveRequest.of(DB, Optional.empty()), ARCHIVE))
        .isInstanceOf(MoveFailed.class)
        .hasMessageContaining("differs from what was saved in");
    assertThat(host(directory).content()).containsExactly("a=2", "dir/b=2");
  }

  @Test
  void what_was_written_where_an_archived_volume_would_be_is_not_lost() throws IOException {
    archive(directory);
    move(host(directory), ARCHIVE);
    Path data = Files.createDirectory(host(directory).data());
    Files.writeString(data.resolve("new"), "by a container");
    assertThatThrownBy(() -> move(host(directory), COLD))
        .isInstanceOf(MoveFailed.class)
        .hasMessageContaining("somebody has written to " + data);
    assertThat(host(directory).volumes.visible(DB)).isEmpty();
    Files.delete(data.resolve("new"));
    move(host(directory), COLD);
    assertThat(host(directory).content()).isEqualTo(CONTENT);
  }

  @Test
  void what_has_the_name_of_a_volume_that_comes_back_stays() throws IOException {
    archive(directory);
    move(host(directory), ARCHIVE);
    VolumeName taken = new VolumeName("db.returning");
    host(directory).volumes.create(VolumeRequest.named(taken));
    assertThatThrownBy(() -> move(host(directory), COLD)).isInstanceOf(MoveFailed.class);
    assertThat(host(directory).registry.names()).containsExactlyInAnyOrder(DB, taken);
  }

  @Test
  void the_limit_of_the_old_data_is_removed() {
    MovingHost host = host(directory);
    VolumeName name = new VolumeName("limited");
    host.volumes.create(
        new VolumeRequest(name, "holding", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    host.relocating().move(MoveRequest.of(name, Optional.empty()), COLD);
    assertThat(host.holding.unlimited)
        .singleElement()
        .matches(path -> path.startsWith(directory.resolve("root/trash")));
    assertThat(directory.resolve("root/trash")).isEmptyDirectory();
  }

  @Test
  void nothing_is_made_in_an_archive() throws IOException {
    archive(directory);
    VolumeRequest request = VolumeRequest.named(new VolumeName("new")).in(Optional.of(ARCHIVE));
    assertThatThrownBy(() -> host(directory).volumes.create(request))
        .isInstanceOf(PoolIsArchive.class);
  }

  @Test
  void a_backup_that_is_gone_loses_nothing_more() throws IOException {
    archive(directory);
    move(host(directory), ARCHIVE);
    TreeDeletion.delete(directory.resolve("backups/backups"));
    assertThatThrownBy(() -> move(host(directory), COLD)).isInstanceOf(VolumeException.class);
    assertThat(pool(host(directory))).isEqualTo(ARCHIVE);
    assertThat(host(directory).registry.names()).containsExactly(DB);
  }

  @Test
  void a_volume_that_is_there_stays() {
    assertThat(move(host(directory), PoolName.DEFAULT).bytes()).isZero();
  }

  @Test
  void a_volume_in_use_is_copied_and_then_refused() {
    host(directory)
        .attachments
        .add(DB, new Attachment.Disk("vm1", "vda", false, Instant.parse("2026-11-29T08:00:00Z")));
    assertThatThrownBy(() -> move(host(directory), COLD)).isInstanceOf(InUse.class);
    assertThat(pool(host(directory))).isEqualTo(PoolName.DEFAULT);
    assertThat(copy()).isDirectoryContaining("glob:**/volume.json");
  }

  private Path copy() {
    return directory.resolve("disk/arriving/db");
  }

  private static final Attachment.Disk HELD =
      new Attachment.Disk("vm1", "vda", false, Instant.parse("2026-11-29T08:00:00Z"));

  /** Everything is copied, but at the end somebody holds the volume. */
  private void breakOff() {
    host(directory).write("dir/large", "x".repeat(3 * MovingHost.BLOCK));
    host(directory).attachments.add(DB, HELD);
    assertThatThrownBy(() -> move(host(directory), COLD)).isInstanceOf(InUse.class);
    host(directory).attachments.remove(DB, HELD);
  }

  @Test
  void an_interrupted_move_continues_with_what_it_copied() {
    breakOff();
    host(directory).write("new", "3");
    Moved moved = move(host(directory), COLD);

    assertThat(moved.bytes()).isLessThan(1000);
    assertThat(host(directory).content())
        .containsExactly("a=1", "dir/b=2", "dir/large=393216 of x", "new=3");
    assertThat(directory.resolve("disk/arriving")).isEmptyDirectory();
  }

  @Test
  void what_was_copied_is_compared_and_not_just_trusted() throws IOException {
    breakOff();
    Path copied = copy().resolve("_data/dir/large");
    FileTime time = Files.getLastModifiedTime(copied);
    Files.writeString(copied, "y".repeat(3 * MovingHost.BLOCK));
    Files.setLastModifiedTime(copied, time);
    move(host(directory), COLD);

    assertThat(host(directory).content()).contains("dir/large=393216 of x");
  }

  @Test
  void an_interrupted_move_can_be_abandoned() {
    breakOff();
    assertThat(host(directory).relocating().undo(DB)).isTrue();
    assertThat(directory.resolve("disk/arriving")).isEmptyDirectory();
    assertThat(host(directory).relocating().undo(DB)).isFalse();
  }

  @Test
  void a_move_to_another_place_gives_up_what_was_copied() {
    host(directory).registry.pools().add(new PoolName("warm"), directory.resolve("other"));
    breakOff();
    move(host(directory), new PoolName("warm"));
    assertThat(directory.resolve("disk/arriving")).isEmptyDirectory();
  }

  @Test
  void what_was_copied_of_a_volume_that_is_gone_is_deleted() {
    breakOff();
    host(directory).volumes.remove("db", Removal.Mode.NORMAL);
    host(directory).volumes.create(VolumeRequest.named(DB));
    host(directory).registry.openForWriting();
    assertThat(directory.resolve("disk/arriving")).isEmptyDirectory();
  }

  @Test
  void a_pool_with_what_was_copied_can_be_removed() {
    breakOff();
    host(directory).registry.pools().remove(COLD, false);
    assertThat(directory.resolve("disk")).isEmptyDirectory();
  }

  @Test
  void a_label_that_asks_for_a_pool_follows() {
    host(directory)
        .volumes
        .update("db", VolumeChange.ofLabels(Labels.parse(List.of("keg.pool=default")), List.of()));
    move(host(directory), COLD);
    assertThat(host(directory).registry.get("get", DB).labels().map())
        .containsEntry("keg.pool", "cold");
  }

  @Test
  void a_pool_that_is_not_there_is_refused() throws IOException {
    Files.delete(Pool.file(directory.resolve("disk")));
    assertThatThrownBy(() -> move(host(directory), COLD)).isInstanceOf(PoolMissing.class);
    assertThat(host(directory).content()).isEqualTo(CONTENT);
  }

  @Test
  void a_volume_that_moves_is_not_pruned(@TempDir Path real) {
    prepare(real);
    try (MoveLock _ = MoveLock.take("move", DB, host(real).registry.layout().home(DB))) {
      assertThat(unused(host(real))).isEmpty();
    }
    assertThat(unused(host(real))).hasSize(1);
  }

  private static List<Volume> unused(MovingHost host) {
    VolumeFilter all =
        VolumeFilter.forPrune(true, FilterArguments.NONE, host.volumes.filterContext());
    return host.volumes.pruning().candidates(all).volumes();
  }

  /** As if the move had been killed before it deleted the old volume. */
  private MovingHost killedBeforeTheEnd() throws IOException {
    MovingHost host = host(directory);
    move(host, COLD);
    Path old = Files.createDirectories(directory.resolve("root/volumes/db"));
    Files.createDirectory(old.resolve("_data"));
    Files.copy(directory.resolve("disk/volumes/db/volume.json"), old.resolve("volume.json"));
    Files.writeString(note(), "{\"schema\":1,\"places\":[\"default\",\"cold\"]}");
    return host;
  }

  private Path note() {
    return directory.resolve("root/relocating/db");
  }

  @Test
  void what_a_killed_move_left_never_passes_for_a_volume_that_is_removed_or_renamed()
      throws IOException {
    killedBeforeTheEnd().volumes.rename("db", "db2");
    assertThat(host(directory).registry.names()).containsExactly(new VolumeName("db2"));
    host(directory).volumes.rename("db2", "db");
    move(host(directory), PoolName.DEFAULT);
    killedBeforeTheEnd().volumes.remove("db", Removal.Mode.NORMAL);
    assertThat(host(directory).registry.names()).isEmpty();
  }

  @Test
  void a_pool_that_comes_back_loses_nothing_to_a_move_that_was_killed() throws IOException {
    MovingHost host = killedBeforeTheEnd();
    host.write("newer", "3");
    Files.move(directory.resolve("disk"), directory.resolve("elsewhere"));
    host(directory).registry.pools().remove(COLD, true);
    Files.move(directory.resolve("elsewhere"), directory.resolve("disk"));
    host(directory).registry.pools().add(COLD, directory.resolve("disk"));
    host(directory).registry.openForWriting();
    assertThat(directory.resolve("disk/volumes/db/_data/newer")).exists();
  }

  @Test
  void what_cannot_be_cleaned_up_does_not_keep_other_volumes_from_working() throws IOException {
    killedBeforeTheEnd();
    Files.writeString(note(), "damaged");
    host(directory).volumes.create(VolumeRequest.named(new VolumeName("other")));
    assertThat(note()).exists();
  }

  @Tag("time")
  @TestFactory
  Stream<DynamicTest> broken_off_on_the_way_to_a_pool() throws Exception {
    return FaultPoints.thinned(FaultPoints.inTurn(new BrokenMove(PoolName.DEFAULT, COLD)));
  }

  @Tag("time")
  @TestFactory
  Stream<DynamicTest> broken_off_on_the_way_from_a_pool() throws Exception {
    return FaultPoints.thinned(FaultPoints.inTurn(new BrokenMove(COLD, PoolName.DEFAULT)));
  }

  @TestFactory
  Stream<DynamicTest> broken_off_now_and_then_on_the_way_to_and_from_an_archive() throws Exception {
    AtomicInteger count = new AtomicInteger();
    return Stream.concat(
            broken_off_on_the_way_to_an_archive(), broken_off_on_the_way_from_an_archive())
        .filter(_ -> count.getAndIncrement() % 13 == 0);
  }

  @NeedsTime
  @TestFactory
  Stream<DynamicTest> broken_off_on_the_way_to_an_archive() throws Exception {
    return FaultPoints.each(new BrokenArchiving(PoolName.DEFAULT, ARCHIVE));
  }

  @NeedsTime
  @TestFactory
  Stream<DynamicTest> broken_off_on_the_way_from_an_archive() throws Exception {
    return FaultPoints.each(new BrokenArchiving(ARCHIVE, COLD));
  }

  /** The volume is unchanged, or archived, or back; and it can be moved to the other place. */
  private record BrokenArchiving(PoolName from, PoolName to) implements Trial {
    @Override
    public void prepare(Path directory) throws IOException {
      RelocatingTest.prepare(directory);
      archive(directory);
      if (from.equals(ARCHIVE)) {
        move(host(directory), from);
      }
    }

    @Override
    public void run(Path directory) {
      move(host(directory), to);
    }

    @Override
    public void verify(Path directory, Outcome outcome) {
      if (outcome.failure() != null) {
        assertThat(outcome.failure()).isInstanceOfAny(VolumeException.class, Killed.class);
      }
      if (outcome.succeeded()) {
        assertThat(pool(host(directory))).isEqualTo(to);
      }
      if (!pool(host(directory)).equals(ARCHIVE)) {
        assertThat(host(directory).content()).isEqualTo(CONTENT);
      }
      for (PoolName pool : List.of(to, PoolName.DEFAULT)) {
        move(host(directory), pool);
        assertThat(pool(host(directory))).isEqualTo(pool);
      }
      assertThat(host(directory).content()).isEqualTo(CONTENT);
      assertThat(host(directory).registry.names()).containsExactly(DB);
    }
  }

  /** The volume exists once and is complete, and the next command removes all remains. */
  private record BrokenMove(PoolName from, PoolName to) implements Trial {
    @Override
    public void prepare(Path directory) {
      RelocatingTest.prepare(directory);
      if (!from.equals(PoolName.DEFAULT)) {
        move(host(directory), from);
      }
    }

    @Override
    public void run(Path directory) {
      move(host(directory), to);
    }

    @Override
    public void verify(Path directory, Outcome outcome) throws IOException {
      if (outcome.failure() != null) {
        assertThat(outcome.failure()).isInstanceOfAny(VolumeException.class, Killed.class);
      }
      if (outcome.succeeded()) {
        assertThat(pool(host(directory))).isEqualTo(to);
      }
      assertThat(host(directory).content()).isEqualTo(CONTENT);
      VolumeName next = new VolumeName("next");
      host(directory).volumes.create(VolumeRequest.named(next));
      host(directory).volumes.remove("next", Removal.Mode.NORMAL);
      MovingHost later = host(directory);
      assertThat(later.content()).isEqualTo(CONTENT);
      assertThat(leftovers(later)).allMatch(path -> path.toString().contains("/arriving/"));
      move(host(directory), to);
      assertThat(host(directory).content()).isEqualTo(CONTENT);
      assertThat(pool(host(directory))).isEqualTo(to);
      assertThat(leftovers(host(directory))).isEmpty();
      later = host(directory);
      // Its remains belong to nobody after the volume is removed.
      later.volumes.remove("db", Removal.Mode.NORMAL);
      assertThat(host(directory).registry.names()).isEmpty();
    }

    private static List<Path> leftovers(MovingHost host) throws IOException {
      List<Path> found = new ArrayList<>(DirectoryEntries.of(host.root.resolve("relocating")));
      for (Place place : host.registry.layout().places().present()) {
        for (Path part : List.of(place.staging(), place.trash(), place.arriving())) {
          found.addAll(DirectoryEntries.of(part));
        }
        found.addAll(host.registry.pools().strangers(place));
      }
      return found;
    }
  }
}
