package dev.keg.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.backup.browse.Change;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.retention.Age;
import dev.keg.cloning.Cloning;
import dev.keg.copying.CopyEnd;
import dev.keg.copying.CopyRequest;
import dev.keg.copying.Copying;
import dev.keg.driver.Compacts;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.Snapshots;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.error.InvalidInput.InvalidSnapshotName;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.ProtectedVolume;
import dev.keg.error.SnapshotException.HasSnapshots;
import dev.keg.error.SnapshotException.NoSuchSnapshot;
import dev.keg.error.SnapshotException.SnapshotExists;
import dev.keg.error.SnapshotException.SnapshotIsReadOnly;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Store;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.tree.TreeListener;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshottingTest {
  private static final SnapshotName ONE = new SnapshotName("one");
  private static final SnapshotName TWO = new SnapshotName("two");

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Snapshotting snapshots =
      new Snapshotting(host.context.services(), host.context.trees());

  @BeforeEach
  void fill() {
    host.write(db, "file", "old");
    host.write(db, "dir/kept", "same");
  }

  private Snapshot create(SnapshotName name) {
    return snapshots.create(new SnapshotRequest("db", Optional.of(name), Optional.empty(), false));
  }

  private List<Snapshot> list(String volume) {
    return snapshots.list(volume, List.of(), SnapshottingTest::fail);
  }

  private List<Snapshot> list() {
    return snapshots.list(SnapshottingTest::fail);
  }

  private static void fail(VolumeException problem) {
    throw problem;
  }

  private List<String> content(String volume, SnapshotName name) throws Exception {
    try (View view = host.context.views().openSnapshot("test", new VolumeName(volume), name);
        Stream<Path> all = Files.walk(view.data())) {
      List<String> found = new ArrayList<>();
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        found.add(view.data().relativize(file) + "=" + Files.readString(file));
      }
      return found;
    }
  }

  @Test
  void a_snapshot_keeps_what_the_volume_held() throws Exception {
    Snapshot made = create(ONE);
    host.write(db, "file", "new");
    host.write(db, "more", "new");

    assertThat(content("db", ONE)).containsExactly("dir/kept=same", "file=old");
    assertThat(host.content(db)).containsExactly("dir/kept=same", "file=new", "more=new");
    assertThat(made.consistent()).isTrue();
    assertThat(made.shared()).isFalse();
    assertThat(list("db")).containsExactly(made);
    assertThat(list()).containsExactly(made);
  }

  @Test
  void without_a_name_it_has_the_time_and_is_unique() {
    SnapshotRequest request = new SnapshotRequest("db", Optional.empty(), Optional.empty(), false);
    assertThat(snapshots.create(request).name().text()).matches("2040-01-01-0000\\d\\d");
    assertThat(snapshots.create(request).name()).isNotEqualTo(list("db").getFirst().name());
  }

  @Test
  void it_expires_after_its_time() {
    Snapshot made =
        snapshots.create(
            new SnapshotRequest("db", Optional.of(ONE), Optional.of(Age.parse("7d")), true));

    assertThat(made.expires()).contains(made.created().plus(Duration.ofDays(7)));
    assertThat(made.hasExpired(made.created().plus(Duration.ofDays(7)))).isTrue();
    assertThat(made.hasExpired(made.created().plus(Duration.ofDays(7).minusSeconds(1)))).isFalse();
    assertThat(list("db")).containsExactly(made);
  }

  @Test
  void one_of_a_volume_in_use_says_that_it_may_not_match() {
    host.mounts.mount("/srv/db");
    host.attachments.add(
        db,
        new Attachment.Mount(
            "",
            "/srv/db",
            false,
            false,
            Instant.EPOCH,
            host.mounts.hostId(),
            host.mounts.bootId()));

    assertThat(create(ONE).consistent()).isFalse();
    assertThat(list("db").getFirst().consistent()).isFalse();
  }

  @Test
  void what_exists_and_what_does_not_are_reported() {
    create(ONE);

    assertThatThrownBy(() -> create(ONE)).isInstanceOf(SnapshotExists.class);
    assertThatThrownBy(() -> snapshots.remove("db", TWO)).isInstanceOf(NoSuchSnapshot.class);
    assertThatThrownBy(() -> content("db", TWO)).isInstanceOf(NoSuchSnapshot.class);
    assertThatThrownBy(() -> list("nope")).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> snapshots.cost("nope")).isInstanceOf(NotFound.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/b", "-a", "a b", "é", "a@b", "a:b"})
  void a_name_is_neither_a_path_nor_an_option(String text) {
    assertThatThrownBy(() -> new SnapshotName(text)).isInstanceOf(InvalidSnapshotName.class);
    assertThat(SnapshotName.lookup(text)).isEmpty();
  }

  @Test
  void it_moves_along_when_the_volume_is_renamed() throws Exception {
    create(ONE);
    host.volumes.rename("db", "db2");

    assertThat(content("db2", ONE)).contains("file=old");
    assertThat(list("db2").getFirst()).hasToString("db2@one");
  }

  @Test
  void a_volume_with_snapshots_is_removed_only_with_them() {
    create(ONE);
    for (Removal.Mode mode : Removal.Mode.values()) {
      assertThatThrownBy(() -> host.volumes.remove("db", mode))
          .isInstanceOf(HasSnapshots.class)
          .hasMessage("remove db: volume has snapshots - [one]");
    }
    var pruning = host.volumes.pruning();
    assertThat(pruning.prune(all()).removed()).isEmpty();

    host.volumes.remove(
        "db", Removal.Mode.NORMAL, Removal.Adopted.KEEP, Removal.OwnSnapshots.DELETE);
    assertThat(host.volumes.exists("db")).isFalse();
    assertThat(list()).isEmpty();
  }

  private VolumeFilter all() {
    return VolumeFilter.forList(FilterArguments.NONE, host.volumes.filterContext());
  }

  @Test
  void a_protected_volume_keeps_its_snapshots_and_its_content() {
    create(ONE);
    host.volumes.update(
        "db",
        new VolumeChange(
            Labels.NONE, List.of(), Optional.empty(), Optional.of(Protection.always())));

    assertThatThrownBy(() -> snapshots.remove("db", ONE)).isInstanceOf(ProtectedVolume.class);
    assertThatThrownBy(() -> new SnapshotRestoring(host.context).restore("db", ONE))
        .isInstanceOf(ProtectedVolume.class);
    create(TWO);
  }

  /** In a real directory, since locks in memory are fakes. */
  @Test
  void one_that_is_read_keeps_its_volume(@TempDir Path directory) throws Exception {
    Store store = Store.open(directory.resolve("root"));
    store.fill("db");
    Snapshot _ =
        store
            .snapshots()
            .create(new SnapshotRequest("db", Optional.of(ONE), Optional.empty(), false));
    Removal.OwnSnapshots all = Removal.OwnSnapshots.DELETE;
    try (SnapshotLock _ = SnapshotLock.share(store.registry().snapshots().home(db, ONE))) {
      for (Removal.Mode mode : Removal.Mode.values()) {
        assertThatThrownBy(() -> store.volumes().remove("db", mode, Removal.Adopted.KEEP, all))
            .isInstanceOf(SnapshotInUse.class)
            .hasMessageContaining("db@one");
      }
      assertThatThrownBy(() -> store.volumes().rename("db", "db2"))
          .isInstanceOf(SnapshotInUse.class);
    }
    store.volumes().remove("db", Removal.Mode.NORMAL, Removal.Adopted.KEEP, all);
  }

  @Test
  void one_that_is_mounted_is_not_removed() {
    create(ONE);
    host.mounts.mount("/keg/volumes/db/snapshots/one/_data");
    assertThatThrownBy(() -> snapshots.remove("db", ONE))
        .isInstanceOf(SnapshotInUse.class)
        .hasMessageContaining("/keg/volumes/db/snapshots/one/_data");
    assertThatThrownBy(() -> host.volumes.rename("db", "db2")).isInstanceOf(SnapshotInUse.class);
    // The holder of a snapshot does not use the volume.
    assertThat(create(TWO).consistent()).isTrue();

    host.mounts.unmount("/keg/volumes/db/snapshots/one/_data");
    snapshots.remove("db", ONE);
    assertThat(list("db")).extracting(Snapshot::name).containsExactly(TWO);
  }

  @Test
  void a_damaged_one_is_reported_and_can_be_removed() throws Exception {
    create(ONE);
    Files.writeString(host.registry.snapshots().home(db, ONE).file("snapshot.json"), "{}");

    create(TWO);
    List<VolumeException> problems = new ArrayList<>();
    assertThat(snapshots.list(problems::add)).extracting(Snapshot::name).containsExactly(TWO);
    assertThat(snapshots.list("db", List.of(), problems::add)).hasSize(1);
    assertThat(problems).hasSize(2).allSatisfy(e -> assertThat(e).isInstanceOf(Damaged.class));
    snapshots.remove("db", TWO);
    snapshots.remove("db", ONE);
    assertThat(list("db")).isEmpty();
  }

  @Test
  void one_that_is_asked_for_and_is_not_there_is_a_problem() {
    create(ONE);
    List<VolumeException> problems = new ArrayList<>();

    assertThat(snapshots.list("db", List.of(TWO, ONE), problems::add))
        .extracting(Snapshot::name)
        .containsExactly(ONE);
    assertThat(problems)
        .singleElement()
        .isInstanceOfSatisfying(
            NoSuchSnapshot.class,
            e ->
                assertThat(e.hint())
                    .hasValue(
                        "`keg snapshot ls db` lists its snapshots, `keg backups db` its backups"));
  }

  @Test
  void going_back_keeps_the_state_before() {
    create(ONE);
    host.write(db, "file", "new");
    host.write(db, "more", "new");

    new SnapshotRestoring(host.context).restore("db", ONE);
    assertThat(host.content(db)).containsExactly("dir/kept=same", "file=old");

    new Restoring(host.context).undo(db);
    assertThat(host.content(db)).containsExactly("dir/kept=same", "file=new", "more=new");
    assertThat(list("db")).extracting(Snapshot::name).containsExactly(ONE);
  }

  @Test
  void a_clone_of_a_snapshot_is_a_volume_of_its_own() {
    create(ONE);
    host.write(db, "file", "new");

    var cloned =
        new Cloning(host.context.services(), host.context.trees())
            .clone(VolumeAt.parse("db@one"), "copy", Labels.NONE);

    assertThat(host.content(cloned.name())).containsExactly("dir/kept=same", "file=old");
    assertThat(list("copy")).isEmpty();
  }

  @Test
  void files_are_copied_out_of_it_and_not_in() {
    VolumeName copy = host.create("copy");
    create(ONE);
    host.write(db, "file", "new");

    copy("db@one:file", "copy:");
    assertThat(host.content(copy)).containsExactly("file=old");
    assertThatThrownBy(() -> copy("copy:file", "db@one:")).isInstanceOf(SnapshotIsReadOnly.class);
    assertThatThrownBy(() -> copy("db@two:file", "copy:")).isInstanceOf(NoSuchSnapshot.class);
  }

  private void copy(String from, String to) {
    new Copying(host.context, host.files)
        .copy(
            new CopyRequest(
                CopyEnd.parse(from, host.files), CopyEnd.parse(to, host.files), false, false),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            TreeListener.NONE);
  }

  @Test
  void the_difference_is_reported_file_by_file() throws Exception {
    create(ONE);
    host.write(db, "file", "newer");
    host.write(db, "more", "new");
    Files.delete(host.data(db).resolve("dir/kept"));
    create(TWO);

    assertThat(difference(Optional.empty()))
        .containsExactly("vanished dir/kept", "changed file", "appeared more");
    assertThat(difference(Optional.of(TWO))).isEqualTo(difference(Optional.empty()));
    assertThat(difference(Optional.of(ONE))).isEmpty();
  }

  @Test
  void a_file_of_the_same_size_and_another_time_is_read() throws Exception {
    create(ONE);
    Path file = host.write(db, "file", "ndw");
    Files.setAttribute(file, "lastModifiedTime", FileTime.fromMillis(1));
    Path kept = host.data(db).resolve("dir/kept");
    Files.setAttribute(kept, "lastModifiedTime", FileTime.fromMillis(1));

    assertThat(difference(Optional.empty())).containsExactly("attributes dir/kept", "changed file");
  }

  private List<String> difference(Optional<SnapshotName> to) {
    List<String> changes = new ArrayList<>();
    new SnapshotDifference(host.context).each("db", ONE, to, change -> changes.add(line(change)));
    return changes;
  }

  private static String line(Change change) {
    return change.kind() + " " + change.path();
  }

  /** A driver whose volumes are images of 5 MB, whatever their content. */
  private static final class ImageDriver extends FakeDriver implements Snapshots, Compacts {
    ImageDriver() {
      super("images");
    }

    @Override
    public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
      throw new AssertionError();
    }

    @Override
    public Shown show(MountRequest request) {
      throw new AssertionError();
    }

    @Override
    public void compact(Volume volume, VolumeHome home) {
      throw new AssertionError();
    }

    @Override
    public Size room(Volume volume, VolumeHome home) {
      return new Size(5_000_000);
    }
  }

  @Test
  void an_image_is_copied_as_a_whole() {
    Drivers drivers =
        new Drivers(
            List.of(new ImageDriver().factory()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    Services services =
        new Services(host.registry, host.attachments, drivers, host.clock, Secrets.NONE);
    var _ =
        new Volumes(services)
            .create(
                new VolumeRequest(
                    new VolumeName("img"), "images", Options.NONE, Labels.NONE, Ownership.DEFAULT));

    assertThat(new Snapshotting(services, host.context.trees()).cost("img"))
        .isEqualTo(new Snapshotting.Cost(false, new Size(5_000_000)));
  }

  @Test
  void nothing_is_left_in_staging() throws Exception {
    create(ONE);
    var _ = snapshots.cost("db");
    assertThatThrownBy(() -> create(ONE)).isInstanceOf(SnapshotExists.class);
    snapshots.remove("db", ONE);

    for (String place : List.of("/keg/staging", "/keg/trash")) {
      try (Stream<Path> left = Files.list(host.files.getPath(place))) {
        assertThat(left).isEmpty();
      }
    }
  }
}
