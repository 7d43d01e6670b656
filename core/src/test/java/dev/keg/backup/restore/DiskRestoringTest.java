package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.RepositoryDestination;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.SaveRequest.Content;
import dev.keg.backup.save.Saving;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.ProtectedVolume;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.SnapshotRestoring;
import dev.keg.snapshot.Snapshotting;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DiskRestoringTest {
  private static final VolumeName VM = new VolumeName("vm");
  private static final SnapshotName NIGHT = new SnapshotName("night");

  private final BackedHost host = new BackedHost();

  @BeforeEach
  void disk() throws IOException {
    host.volumes.create(
        new VolumeRequest(
            VM, "disks", Options.of(Map.of("size", "1m")), Labels.NONE, Ownership.DEFAULT));
    Files.writeString(file(VM), "sectors");
  }

  private Path file(VolumeName name) {
    return host.registry.layout().home(name).file("disk.raw");
  }

  private static SaveRequest request(Content content, Optional<Duration> freeze) {
    return new SaveRequest(
        true,
        OptionalInt.empty(),
        SaveRequest.plain(1).excluded(),
        content,
        Optional.empty(),
        freeze,
        Set.of(),
        1);
  }

  private final Snapshotting snapshots =
      new Snapshotting(host.context.services(), host.context.trees());

  private void keep() {
    var _ =
        snapshots.create(new SnapshotRequest("vm", Optional.of(NIGHT), Optional.empty(), false));
  }

  @Test
  void a_snapshot_of_a_disk_takes_the_place_of_the_disk() throws IOException {
    keep();
    Files.writeString(file(VM), "changed");

    new SnapshotRestoring(host.context).restore("vm", NIGHT);

    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
    assertThat(host.registry.layout().home(VM).file("restore-disk")).doesNotExist();
    snapshots.remove("vm", NIGHT);
  }

  @Test
  void another_volume_that_gets_the_name_meanwhile_is_left_alone() throws IOException {
    DiskExchange exchange = new DiskExchange(host.context, "restore", VM);

    assertThatThrownBy(
            () ->
                exchange.run(
                    _ -> {
                      host.volumes.rename("vm", "old");
                      FileFailures.run("restore another one", file(VM), this::restoreAnother);
                    }))
        .isInstanceOf(NotFound.class);

    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
    assertThat(half()).exists();
  }

  @Test
  void a_failure_is_told_also_if_nothing_can_be_cleaned_up() {
    DiskExchange exchange = new DiskExchange(host.context, "restore", VM);
    Path description = file(VM).resolveSibling("volume.json");

    assertThatThrownBy(
            () ->
                exchange.run(
                    _ -> {
                      FileFailures.run(
                          "damage", description, () -> Files.writeString(description, "{"));
                      throw new IllegalStateException("out of paper");
                    }))
        .hasMessage("out of paper")
        .satisfies(e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(Damaged.class));
  }

  private void restoreAnother() throws IOException {
    disk();
    Files.createDirectory(half().resolveSibling(""));
    Files.writeString(half(), "sec");
  }

  private Path half() {
    return host.registry.layout().home(VM).file("restore-disk").resolve("disk.raw");
  }

  @Test
  void a_disk_in_use_or_protected_is_not_replaced_by_its_snapshot() throws IOException {
    keep();
    Files.writeString(file(VM), "changed");
    SnapshotRestoring restoring = new SnapshotRestoring(host.context);

    host.attachments.add(VM, new Attachment.Disk("vm1", "vda", false, host.now()));
    assertThatThrownBy(() -> restoring.restore("vm", NIGHT)).isInstanceOf(InUse.class);
    assertThatThrownBy(this::keep).isInstanceOf(InUse.class).hasMessageContaining("vm1");
    host.attachments.remove(VM, new Attachment.Disk("vm1", "vda", false, host.now()));
    var volume = host.registry.find(VM).orElseThrow();
    host.registry.replace(volume, now -> now.withProtection(Protection.always()));
    assertThatThrownBy(() -> restoring.restore("vm", NIGHT)).isInstanceOf(ProtectedVolume.class);

    assertThat(Files.readString(file(VM))).isEqualTo("changed");
  }

  @Test
  void a_snapshot_whose_files_cannot_be_shown_is_saved_as_a_disk() throws IOException {
    keep();
    Files.writeString(file(VM), "changed");

    saveSnapshot(Content.ANY);

    assertThat(host.last(host.repository).volume().holdsDisk()).isTrue();
    assertThat(host.disks.open).isZero();
    host.restore(host.restoreRequest(VM, Mode.REPLACE));
    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
    assertThatThrownBy(() -> saveSnapshot(Content.FILES))
        .isInstanceOf(NotSupported.class)
        .hasMessageContaining("there are two file systems; `keg clone vm@night NEW`");
    // It is no longer being read.
    snapshots.remove("vm", NIGHT);
  }

  private void saveSnapshot(Content content) {
    var _ =
        new Saving(
                host.context.at(Map.of(VM, NIGHT)),
                request(content, Optional.empty()),
                host.saveListener())
            .save(
                VM,
                new RepositoryDestination(
                    List.of(host.repository), new Origin("h", "1"), host.written(), _ -> {}));
  }

  private BackupRecord save(Content content) {
    host.advance(Duration.ofDays(1));
    host.save(VM, request(content, Optional.empty()));
    return host.last(host.repository);
  }

  @Test
  void a_disk_whose_files_cannot_be_read_is_saved_and_made_again() throws IOException {
    assertThat(save(Content.ANY).volume().holdsDisk()).isTrue();
    assertThat(host.disks.open).isZero();
    Volume before = host.volumes.inspect("vm").volume();
    host.volumes.remove("vm", Removal.Mode.NORMAL);

    host.restore(host.restoreRequest(VM, Mode.EMPTY));

    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
    assertThat(host.volumes.inspect("vm").volume()).isEqualTo(before);
    assertThat(host.registry.layout().home(VM).file("restore-disk")).doesNotExist();
  }

  @Test
  void a_new_disk_never_takes_the_place_of_one_that_somebody_else_made() throws IOException {
    BackupRecord last = save(Content.DISK);
    Files.writeString(file(VM), "of somebody else");

    try (RestoreSource source = RestoreSource.of(host.repository, last, true)) {
      assertThatThrownBy(
              () ->
                  new Restoring(host.context)
                      .create(source, host.restoreRequest(VM, Mode.EMPTY), host.listener()))
          .isInstanceOf(AlreadyExists.class);
    }

    assertThat(Files.readString(file(VM))).isEqualTo("of somebody else");
    assertThat(host.registry.layout().home(VM).file("restore-disk")).doesNotExist();
  }

  @Test
  void the_files_are_saved_where_they_can_be_read_unless_the_disk_is_asked_for() {
    host.disks.whyNoFiles = Optional.empty();

    assertThat(save(Content.ANY).volume().holdsDisk()).isFalse();
    assertThat(save(Content.DISK).volume().holdsDisk()).isTrue();
    host.disks.whyNoFiles = Optional.of("there are two file systems");
    assertThat(save(Content.FILES).volume().holdsDisk()).isFalse();
  }

  @Test
  void a_disk_takes_the_place_of_another_only_if_that_is_wanted() throws IOException {
    BackupRecord _ = save(Content.DISK);
    Files.writeString(file(VM), "written since");

    assertThatThrownBy(() -> host.restore(host.restoreRequest(VM, Mode.EMPTY)))
        .isInstanceOf(RestoreFailed.class)
        .hasMessage("restore vm: the volume already has a disk");
    assertThatThrownBy(() -> host.restore(host.restoreRequest(VM, Mode.MERGE)))
        .isInstanceOf(RestoreFailed.class)
        .hasMessageContaining("restored as a whole");
    assertThat(Files.readString(file(VM))).isEqualTo("written since");

    host.restore(host.restoreRequest(VM, Mode.REPLACE));
    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
  }

  @Test
  void a_machine_that_writes_keeps_a_disk_from_being_saved_or_replaced() {
    BackupRecord _ = save(Content.DISK);
    host.attachments.add(
        VM, new Attachment.Disk("web", "vda", false, Instant.EPOCH, Optional.empty()));

    assertThatThrownBy(() -> save(Content.DISK))
        .isInstanceOf(InUse.class)
        .hasMessage("backup vm: volume is in use - [web]");
    assertThatThrownBy(() -> host.restore(host.restoreRequest(VM, Mode.REPLACE)))
        .isInstanceOf(InUse.class);
  }

  /** A machine whose disk copy works or fails. */
  private record CopyingMachine(boolean works) implements RunningMachine {
    @Override
    public void endCopies(List<Plug> disks) {}

    @Override
    public List<Size> copy(List<DiskCopy> copies, LongConsumer copied) {
      for (DiskCopy copy : copies) {
        FileFailures.run(
            "write", copy.target(), () -> Files.writeString(copy.target(), "of the machine"));
      }
      if (!works) {
        throw new MachineFailed("backup", "vm", "it stopped", null, null);
      }
      return List.of(Size.ZERO);
    }

    @Override
    public void plug(Plug plug) {
      throw new AssertionError();
    }

    @Override
    public void unplug(Plug plug) {
      throw new AssertionError();
    }

    @Override
    public boolean lacks(Plug plug) {
      throw new AssertionError();
    }
  }

  @Test
  void a_running_machine_s_copy_is_saved_and_deleted() throws IOException {
    host.attachments.add(
        VM, new Attachment.Disk("web", "vda", false, Instant.EPOCH, Optional.empty()));

    assertThatThrownBy(() -> save(new CopyingMachine(false))).isInstanceOf(MachineFailed.class);
    assertThat(host.registry.layout().home(VM).file("copy")).doesNotExist();

    save(new CopyingMachine(true));
    assertThat(host.registry.layout().home(VM).file("copy")).doesNotExist();
    VolumeName plain = host.create("plain");
    host.restore(host.restoreRequest(plain, Mode.EMPTY));
    assertThat(host.content(plain)).containsExactly("disk.raw=of the machine");
    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
  }

  private void save(RunningMachine machine) {
    host.advance(Duration.ofDays(1));
    host.save(VM, request(Content.ANY, Optional.empty()), Optional.of(machine));
  }

  @Test
  void a_copy_that_would_fill_the_machine_s_file_system_is_not_made() {
    host.attachments.add(
        VM, new Attachment.Disk("web", "vda", false, Instant.EPOCH, Optional.empty()));
    host.disks.copyRoom = new Size(1L << 60);

    assertThatThrownBy(() -> save(new CopyingMachine(true)))
        .isInstanceOfSatisfying(
            BackupFailed.class,
            failed -> assertThat(failed.hint()).hasValue("free some space; nothing was changed"))
        .hasMessageContaining("backup vm: a copy beside the disk needs ");
    assertThat(host.registry.layout().home(VM).file("copy")).doesNotExist();
  }

  @Test
  void only_disks_of_one_machine_are_copied_from_it() {
    assertThatThrownBy(() -> save(new CopyingMachine(true)))
        .isInstanceOf(MachineFailed.class)
        .hasMessage("backup vm: no machine has it");
  }

  @Test
  void a_volume_of_another_kind_gets_the_disk_as_a_file() {
    BackupRecord _ = save(Content.DISK);
    VolumeName plain = host.create("plain");

    host.restore(host.restoreRequest(plain, Mode.EMPTY));

    assertThat(host.content(plain)).containsExactly("disk.raw=sectors");
  }

  @Test
  void a_failed_restore_leaves_the_disk_and_no_stage() throws IOException {
    BackupRecord record = save(Content.DISK);
    host.store.damage(record.own().name(), new byte[100]);

    assertThatThrownBy(() -> host.restore(host.restoreRequest(VM, Mode.REPLACE)))
        .isInstanceOf(InvalidArchive.class);

    assertThat(Files.readString(file(VM))).isEqualTo("sectors");
    assertThat(host.registry.layout().home(VM).file("restore-disk")).doesNotExist();
  }

  @Test
  void only_a_disk_is_saved_as_one_and_it_is_not_frozen() {
    VolumeName db = host.create("db");

    assertThatThrownBy(() -> host.save(db, request(Content.DISK, Optional.empty())))
        .isInstanceOf(BackupFailed.class)
        .hasMessage("backup db: driver 'local' provides a directory, not a disk");
    assertThatThrownBy(
            () -> host.save(VM, request(Content.DISK, Optional.of(Duration.ofSeconds(1)))))
        .isInstanceOf(BackupFailed.class)
        .hasMessageContaining("a disk needs no freezing");
    assertThat(host.disks.open).isZero();
  }
}
