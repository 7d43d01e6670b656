package dev.keg.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.extract.Selection;
import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.restore.BackupPart;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.TemporarySnapshot;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackupSnapshotTest {
  private static final PoolName FAST = new PoolName("fast");

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final BackupSnapshot snapshot = new BackupSnapshot(host.context, "cp", db);

  @BeforeEach
  void back_up() {
    host.write(db, "a", "1");
    host.save(db);
    host.write(db, "a", "later");
  }

  private SnapshotName make(TreeListener listener) {
    BackupRecord record = host.last(host.repository);
    try (RestoreSource source = RestoreSource.of(host.repository, record, true)) {
      snapshot.make(record, source, 1, listener);
    }
    return BackupSnapshot.name(record.id());
  }

  private void remove(SnapshotName name) {
    new TemporarySnapshot(host.context, "cp", db, name).remove();
  }

  private Optional<Snapshot> find(SnapshotName name) {
    return host.registry.snapshots().find(db, name);
  }

  private Path file(SnapshotName name) {
    return host.registry.snapshots().home(db, name).data().resolve("a");
  }

  @Test
  void it_has_the_files_of_the_backup_and_expires() {
    SnapshotName name = make(host.listener());

    assertThat(file(name)).hasContent("1");
    assertThat(find(name).orElseThrow().expires()).isPresent();
    assertThat(host.content(db)).containsExactly("a=later");
    assertThat(host.registry.names()).containsExactly(db);
  }

  @Test
  void one_of_a_path_has_nothing_else_and_is_no_other_command_s() throws Exception {
    host.write(db, "b", "2");
    host.save(db);
    BackupRecord record = host.last(host.repository);
    TemporarySnapshot part;
    try (RestoreSource.Indexed source = RestoreSource.of(host.repository, record, true)) {
      Selection only = new BackupPart("/b", false).find("db", source.archive()).orElseThrow();
      part = snapshot.make(record, source, only, 1, host.listener());
    }

    assertThat(find(part.name())).isPresent();
    assertThat(file(part.name())).doesNotExist();
    assertThat(file(part.name()).resolveSibling("b")).hasContent("2");
    assertThat(find(BackupSnapshot.name(record.id()))).isEmpty();
    part.remove();
    assertThat(host.registry.snapshots().names(db)).isEmpty();
    assertThat(host.registry.names()).containsExactly(db);
  }

  @Test
  void one_that_another_command_has_made_meanwhile_will_do() {
    SnapshotName name = make(host.listener());
    Snapshot first = find(name).orElseThrow();

    assertThat(make(host.listener())).isEqualTo(name);

    assertThat(find(name)).contains(first);
    assertThat(host.registry.unfinished()).isEmpty();
    remove(name);
    remove(name);
    assertThat(find(name)).isEmpty();
  }

  /** Elsewhere its tree would have to be copied, which may not fit. */
  @Test
  void it_is_restored_on_the_disk_of_its_volume() {
    Path disk = host.files.getPath("/fast");
    host.registry.pools().add(FAST, disk);
    host.volumes.create(VolumeRequest.named(new VolumeName("db2")).in(Optional.of(FAST)));
    List<Boolean> there = new ArrayList<>();
    TreeListener looking =
        new TreeListener() {
          @Override
          public void finished() {
            there.add(
                host.registry.names().stream()
                    .filter(name -> name.text().startsWith("drill."))
                    .allMatch(name -> host.registry.layout().home(name).path().startsWith(disk)));
          }

          @Override
          public void note(TreePath path, Note note, String text) {}
        };
    BackupRecord record = host.last(host.repository);
    BackupSnapshot elsewhere = new BackupSnapshot(host.context, "cp", new VolumeName("db2"));
    try (RestoreSource source = RestoreSource.of(host.repository, record, true)) {
      assertThat(elsewhere.make(record, source, 1, looking)).isTrue();
      assertThat(elsewhere.make(record, source, 1, looking)).isFalse();
    }
    assertThat(there).isNotEmpty().containsOnly(true);
    assertThat(disk.resolve("volumes/db2/snapshots")).isDirectory();
  }

  /** Otherwise the next restore would create a plain directory in place of the volume. */
  @Test
  void a_backup_of_it_has_the_driver_and_the_options_of_the_volume() {
    VolumeName web = new VolumeName("web");
    Options options = Options.of(Map.of("color", "red"));
    host.volumes.create(new VolumeRequest(web, "holding", options, Labels.NONE, Ownership.DEFAULT));
    host.save(web);
    BackupRecord first = host.last(host.repository);
    BackupSnapshot shown = new BackupSnapshot(host.context, "backup", web);
    try (RestoreSource source = RestoreSource.of(host.repository, first, true)) {
      shown.make(first, source, 1, host.listener());
    }
    Destination elsewhere =
        new RepositoryDestination(List.of(host.other), first.origin(), host.written(), _ -> {});

    new Saving(
            host.context.at(Map.of(web, BackupSnapshot.name(first.id()))),
            SaveRequest.plain(1),
            host.saveListener())
        .save(web, elsewhere);

    Volume saved = host.last(host.other).volume();
    assertThat(saved.driver()).isEqualTo("holding");
    assertThat(saved.options()).isEqualTo(options);
  }

  @Test
  void a_restore_that_fails_leaves_nothing() {
    TreeListener failing =
        new TreeListener() {
          @Override
          public void finished() {
            throw new RestoreFailed("db", "no room", null);
          }

          @Override
          public void note(TreePath path, Note note, String text) {}
        };

    assertThatThrownBy(() -> make(failing)).isInstanceOf(RestoreFailed.class);

    assertThat(host.registry.snapshots().names(db)).isEmpty();
    assertThat(host.registry.names()).containsExactly(db);
    assertThat(host.registry.unfinished()).isEmpty();
  }

  @Test
  void it_can_be_removed_though_its_volume_is_protected() {
    SnapshotName name = make(host.listener());
    host.volumes.update(
        "db",
        new VolumeChange(
            Labels.NONE, List.of(), Optional.empty(), Optional.of(Protection.always())));

    remove(name);

    assertThat(find(name)).isEmpty();
  }
}
