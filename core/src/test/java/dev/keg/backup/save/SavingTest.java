package dev.keg.backup.save;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreException;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.BackupException.HalfRestored;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.Relocations;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.registry.pool.Place;
import dev.keg.tree.ByteString;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.Stage;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class SavingTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  @Test
  void the_key_of_frames_does_not_come_from_the_generator_that_names_drafts() {
    List<FrameKey> keys = new ArrayList<>();
    for (BackedHost equal : List.of(new BackedHost(), new BackedHost())) {
      equal.write(equal.create("db"), "a", "1");
      equal.save(BackedHost.DB);
      try (RestoreSource.Indexed source =
          RestoreSource.of(equal.repository, equal.last(equal.repository), true)) {
        keys.add(source.archive().key());
      }
    }

    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void a_backup_carries_what_the_volume_is() {
    host.volumes.update("db", VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of()));
    host.write(db, "a", "1");
    host.write(db, "b.tmp", "left out");

    Saved saved = host.save(db);
    BackupRecord record = host.last(host.repository);

    assertThat(record.volume().labels().map()).containsEntry("tier", "gold");
    assertThat(record.tags()).containsExactly("nightly");
    assertThat(record.counts().files()).isEqualTo(1);
    assertThat(record.id()).isEqualTo(saved.id());
  }

  @Test
  void a_second_backup_refers_to_what_the_first_one_holds() {
    host.write(db, "large", "x".repeat(100_000));
    host.save(db);
    host.write(db, "small", "1");
    Saved second = host.save(db);

    BackupRecord record = host.last(host.repository);
    assertThat(second.parent()).isEqualTo(record.parent()).isNotNull();
    assertThat(record.objects()).hasSize(2);
    assertThat(second.stored().bytes()).isLessThan(5000);
  }

  @Test
  void a_store_that_must_know_hears_how_large_a_backup_may_become() {
    host.write(db, "large", "x".repeat(100_000));
    host.store.wantsSizes = true;
    host.save(db);
    host.save(db);

    assertThat(host.store.expected().stream().filter(size -> size.bytes() >= 100_000)).hasSize(2);
  }

  @Test
  void the_same_volume_under_another_host_name_continues_its_history() {
    host.write(db, "large", "x".repeat(100_000));
    Saved first = host.save(db);
    host.hostName = "6f1c2a9b77aa";
    Saved second = host.save(db);
    host.volumes.remove("db", Removal.Mode.NORMAL);
    host.create("db");
    host.hostName = "d0e1f2a3b4c5";
    Saved other = host.save(db);

    assertThat(second.parent()).isEqualTo(first.id());
    assertThat(other.parent()).isNull();
  }

  @Test
  void replicas_get_the_same_backup() {
    host.write(db, "a", "1");
    Saved saved = host.save(db, host.repository, host.other);

    assertThat(saved.places()).hasSize(2);
    assertThat(host.last(host.other)).isEqualTo(host.last(host.repository));
  }

  @Test
  void a_new_replica_gets_a_full_backup_since_it_has_nothing_to_refer_to() {
    host.write(db, "a", "1");
    host.save(db);
    Saved saved = host.save(db, host.repository, host.other);
    assertThat(saved.parent()).isNull();
  }

  @Test
  void a_replica_that_fails_is_left_behind_and_reported() {
    host.write(db, "a", "1");
    host.otherStore.failBefore(
        call -> {
          if (call.startsWith("publish")) {
            throw new StoreException.Failed("memory", call, "no space left on device", null);
          }
        });
    Saved saved = host.save(db, host.repository, host.other);

    assertThat(saved.places()).hasSize(1);
    assertThat(saved.problems())
        .singleElement(as(InstanceOfAssertFactories.THROWABLE))
        .isInstanceOf(RepositoryFailed.class)
        .hasMessageContaining("no space left on device");
    assertThat(host.repository.list().backups()).hasSize(1);
    host.otherStore.heal();
    assertThat(host.other.list().backups()).isEmpty();
  }

  @Test
  void when_no_repository_takes_it_the_backup_fails() {
    host.write(db, "a", "1");
    host.store.failBefore(
        call -> {
          throw new StoreException.Failed("memory", call, "no space left on device", null);
        });
    assertThatThrownBy(() -> host.save(db))
        .isInstanceOf(RepositoryFailed.class)
        .hasMessageContaining("no space left on device");
  }

  @Test
  void a_pre_command_that_fails_stops_the_backup_and_the_post_command_runs() {
    FakePrograms programs = BackedHost.programs(line -> !line.equals("before"));
    assertThatThrownBy(() -> host.save(db, host.request(programs, false)))
        .isInstanceOf(BackupFailed.class)
        .hasMessage("backup db: the pre-command ended with status 4: before");

    assertThat(programs.started())
        .extracting(command -> command.getLast().lines().toList().getLast())
        .containsExactly("before", "after");
    assertThat(host.repository.list().backups()).isEmpty();
  }

  @Test
  void commands_are_told_the_volume_and_where_it_is() {
    FakePrograms programs = BackedHost.programs(_ -> true);
    host.save(db, host.request(programs, false));
    assertThat(programs.started().getFirst())
        .contains("KEG_VOLUME=db", "KEG_PATH=/keg/volumes/db/_data");
  }

  @Test
  void a_post_command_that_fails_leaves_no_backup() {
    FakePrograms programs = BackedHost.programs(line -> !line.equals("after"));
    assertThatThrownBy(() -> host.save(db, host.request(programs, false)))
        .isInstanceOf(BackupFailed.class)
        .hasMessage("backup db: the post-command ended with status 4: after");
    assertThat(host.repository.list().backups()).isEmpty();
  }

  @Test
  void an_empty_backup_of_a_volume_that_is_not_empty_is_an_error() {
    host.write(db, "a.tmp", "1");
    assertThatThrownBy(() -> host.save(db))
        .isInstanceOf(BackupFailed.class)
        .hasMessage("backup db: the backup would be empty, but the volume has 1 file");
  }

  @Test
  void an_empty_volume_has_an_empty_backup() {
    assertThat(host.save(db).totals().files()).isZero();
  }

  @Test
  void a_volume_that_is_removed_meanwhile_has_no_backup() {
    host.write(db, "a", "1");
    FakePrograms programs =
        BackedHost.programs(
            line -> {
              if (line.equals("after")) {
                host.volumes.remove("db", Removal.Mode.NORMAL);
              }
              return true;
            });
    assertThatThrownBy(() -> host.save(db, host.request(programs, false)))
        .hasMessage("backup db: the volume was removed while it was read");
    assertThat(host.repository.list().backups()).isEmpty();
  }

  @Test
  void a_volume_that_is_removed_and_restored_meanwhile_is_not_saved_in_parts() {
    host.write(db, "a", "1");
    host.save(db);
    host.holding.onRead =
        () -> {
          host.holding.onRead = () -> {};
          host.volumes.remove("db", Removal.Mode.NORMAL);
          host.restore(host.restoreRequest(db, Mode.EMPTY));
        };

    assertThatThrownBy(() -> host.save(db))
        .isInstanceOf(BackupFailed.class)
        .hasMessage("backup db: its data was replaced while it was read");
    assertThat(host.repository.list().backups()).hasSize(1);
  }

  @Test
  void a_volume_that_moves_to_another_pool_meanwhile_has_no_backup() {
    host.write(db, "a", "1");
    PoolName cold = new PoolName("cold");
    host.registry.pools().add(cold, host.data(db).resolve("../../../../disk").normalize());
    FakePrograms programs =
        BackedHost.programs(
            line -> {
              if (line.equals("after")) {
                Relocations relocations = host.registry.relocations();
                Place to = host.registry.layout().places().require(cold);
                ArrivingCopy copy = new ArrivingCopy(to, db);
                relocations.prepare(copy);
                relocations.complete(host.registry.get("move", db), copy, _ -> {});
              }
              return true;
            });
    assertThatThrownBy(() -> host.save(db, host.request(programs, false)))
        .hasMessage("backup db: the volume moved to another pool while it was read");
    assertThat(host.repository.list().backups()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"STAGING,true", "EXCHANGING,true", "MOVING_OUT,false", "UNDOING_IN,false"})
  void the_mixture_of_an_interrupted_restore_is_not_backed_up(String phase, boolean saved)
      throws Exception {
    host.write(db, "a", "1");
    Files.writeString(
        host.data(db).resolveSibling("restore.json"),
        "{\"schema\":1,\"inode\":0,\"phase\":\"%s\"}".formatted(phase));
    if (saved) {
      assertThat(host.save(db).totals().files()).isEqualTo(1);
    } else {
      assertThatThrownBy(() -> host.save(db))
          .isInstanceOf(HalfRestored.class)
          .hasMessage("backup db: an interrupted restore left neither the old content nor the new");
      assertThat(host.repository.list().backups()).isEmpty();
    }
  }

  @Test
  void secret_options_are_not_in_the_backup() {
    VolumeName vault = new VolumeName("vault");
    host.volumes.create(
        new VolumeRequest(
            vault,
            "holding",
            Options.of(Map.of("key", "hunter2")),
            Labels.NONE,
            Ownership.DEFAULT));
    host.save(vault);
    assertThat(host.last(host.repository).volume().options().map())
        .containsEntry("key", "********");
  }

  @Test
  void a_frozen_volume_is_thawed_before_the_post_command() {
    VolumeName vault = vault();
    FakePrograms programs =
        BackedHost.programs(
            line -> {
              assertThat(host.holding.frozen).as(line).isFalse();
              return true;
            });
    host.save(vault, host.request(programs, true));
    assertThat(host.holding.freezes).isEqualTo(1);
  }

  @Test
  void a_frozen_volume_is_thawed_also_when_the_backup_fails() {
    VolumeName vault = vault();
    host.store.failBefore(
        call -> {
          if (call.startsWith("publish data")) {
            throw new StoreException.Failed("memory", call, "gone", null);
          }
        });
    assertThatThrownBy(() -> host.save(vault, host.request(BackedHost.programs(_ -> true), true)))
        .isInstanceOf(RepositoryFailed.class);
    assertThat(host.holding.freezes).isEqualTo(1);
    assertThat(host.holding.frozen).isFalse();
  }

  @Test
  void a_file_system_that_waits_too_long_is_thawed_and_the_backup_continues() {
    VolumeName vault = vault();
    host.holding.onRead =
        () -> {
          while (host.holding.frozen) {
            Thread.onSpinWait();
          }
        };
    Saved saved = host.save(vault, host.frozen(Duration.ofMillis(1)));

    assertThat(saved.thawed()).isEqualTo(Duration.ofMillis(1));
    assertThat(saved.whole()).isFalse();
    assertThat(saved.totals().files()).isEqualTo(1);
    assertThat(host.notes)
        .anyMatch(note -> note.contains("the file system was thawed after 0.001 seconds"));
  }

  @Test
  void the_limit_counts_from_when_another_process_froze_the_volume() {
    VolumeName vault = vault();
    host.holding.waited = Duration.ofMinutes(1);
    host.holding.onRead = this::awaitThaw;
    Saved saved = host.save(vault, host.frozen(Duration.ofMinutes(1)));

    assertThat(saved.thawed()).isEqualTo(Duration.ofMinutes(1));
  }

  /** A command that has the lock may wait until it can write, as a resize does. */
  @Test
  void a_file_system_is_thawed_without_the_lock_of_its_volume() {
    VolumeName vault = vault();
    host.holding.onRead = () -> withoutLocks(this::awaitThaw);
    Saved saved = host.save(vault, host.frozen(Duration.ofMillis(1)));

    assertThat(saved.thawed()).isEqualTo(Duration.ofMillis(1));
  }

  private void withoutLocks(Runnable action) {
    Path locks = host.files.getPath("/keg/locks");
    Path elsewhere = host.files.getPath("/locks");
    try {
      Files.move(locks, elsewhere);
      try {
        action.run();
      } finally {
        Files.move(elsewhere, locks);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitThaw() {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (host.holding.frozen) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void a_copy_of_one_moment_is_read_in_place_of_a_frozen_volume() throws Exception {
    VolumeName vault = vault();
    host.holding.copy = Files.createDirectories(host.files.getPath("/copy"));
    Files.writeString(host.holding.copy.resolve("a"), "as it was");
    host.save(vault, host.frozen(Duration.ofSeconds(5)));

    assertThat(host.holding.copyLimit).isEqualTo(Duration.ofSeconds(5));
    assertThat(host.holding.freezes).isZero();
    assertThat(host.holding.copies).isZero();
    host.write(vault, "a", "later");
    host.restore(host.restoreRequest(vault, RestoreRequest.Mode.REPLACE));
    assertThat(host.content(vault)).containsExactly("a=as it was");
  }

  private VolumeName vault() {
    VolumeName vault = new VolumeName("vault");
    host.volumes.create(
        new VolumeRequest(vault, "holding", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    host.write(vault, "a", "1");
    return vault;
  }

  @Test
  void a_driver_that_cannot_freeze_says_so() {
    assertThatThrownBy(() -> host.save(db, host.request(BackedHost.programs(_ -> true), true)))
        .hasMessage(
            "backup db: its directory is not a btrfs subvolume that can be copied as a whole");
  }

  /** Like NTFS on Linux. */
  @Test
  void what_the_system_does_not_show_of_the_files_is_reported() {
    FakeTree tree = new FakeTree();
    tree.withheld = Optional.of("their lists are not saved");
    Saved _ = export(tree);

    assertThat(host.notes).contains("warning db: their lists are not saved");
  }

  @Test
  void files_whose_flags_are_not_saved_are_counted() {
    FakeTree tree = new FakeTree();
    tree.file("a", new byte[] {1}).flagged = true;
    tree.link("another-name", "a");
    tree.directory("d").flagged = true;
    tree.file("d/plain", new byte[] {2});

    Saved saved = export(tree);

    assertThat(host.notes)
        .contains(
            "warning db: flags set by chattr are not saved (immutable, append-only, no dump);"
                + " files that have them: 2");
    assertThat(saved.whole()).isTrue();
    assertThat(saved.problems()).isEmpty();
  }

  @Test
  void the_flags_of_unchanged_files_are_counted_again() {
    FakeTree tree = new FakeTree();
    tree.file("large", new byte[300_000]).flagged = true;
    RepositoryDestination destination =
        new RepositoryDestination(
            List.of(host.repository), new Origin("h", "1"), host.written(), _ -> {}, host.segment);
    for (int i = 0; i < 2; i++) {
      host.advance(Duration.ofDays(1));
      Saved _ =
          saving(tree, host.request(BackedHost.programs(_ -> true), false)).save(db, destination);
    }

    assertThat(host.notes.stream().filter(note -> note.endsWith("files that have them: 1")))
        .hasSize(2);
  }

  @Test
  void files_without_flags_cause_no_warning() {
    FakeTree tree = new FakeTree();
    tree.file("a", new byte[] {1});
    Saved _ = export(tree);

    assertThat(host.notes).containsExactly("read db");
  }

  private Saved export(FakeTree tree) {
    return saving(tree, SaveRequest.plain(1))
        .save(db, new StreamDestination(OutputStream.nullOutputStream(), new Compression.None()));
  }

  private Saving saving(FakeTree tree, SaveRequest request) {
    BackupContext context =
        new BackupContext(
            host.context.services(),
            host.volumes,
            host.context.views(),
            showing(tree),
            host.context.sync(),
            host.context.random());
    return new Saving(context, request, host.saveListener());
  }

  private static FileTrees showing(FakeTree tree) {
    return new FileTrees() {
      @Override
      public FileTree read(Path root) {
        return tree;
      }

      @Override
      public TreeWriter write(Path root, Losses losses) {
        throw new AssertionError("nothing is written");
      }

      @Override
      public Stage stage(Path root, ByteString name, Losses losses) {
        throw new AssertionError("nothing is written");
      }

      @Override
      public boolean exchange(Path one, Path other) {
        throw new AssertionError("nothing is written");
      }
    };
  }

  @Test
  void a_missing_volume_is_not_backed_up() {
    assertThatThrownBy(() -> host.save(new VolumeName("nope")))
        .isInstanceOf(NotFound.class)
        .hasMessage("backup nope: no such volume");
  }
}
