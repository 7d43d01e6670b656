package dev.keg.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.ArchivedVolume;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.usage.PortableTreeScans;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VolumeCheckTest {
  private static final VolumeName VM = new VolumeName("vm");
  private final BackedHost host = new BackedHost();
  private final VolumeCheck check =
      new VolumeCheck(host.context.services(), new PortableTreeScans());

  @Test
  void a_killed_backup_s_copy_of_a_disk_is_named_and_removed() throws IOException {
    var _ =
        host.volumes.create(
            new VolumeRequest(VM, "disks", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Volume volume = host.registry.get("check", VM);
    assertThat(check.of(volume, List.of())).isEmpty();

    Files.createFile(host.registry.layout().home(VM).file("copy"));
    List<Finding> found = check.of(volume, List.of());

    assertThat(found)
        .extracting(Finding::problem)
        .containsExactly(
            "has /keg/volumes/vm/copy, left by a `keg backup --qmp` or `keg restore` that was killed");
    found.getFirst().repair().orElseThrow().run();
    assertThat(check.of(volume, List.of())).isEmpty();
  }

  @Test
  void an_archive_that_is_missing_is_named() throws IOException {
    Volume volume = host.registry.get("check", host.create("db"));
    VolumeHome home = host.registry.layout().home(volume.name());
    new ArchivedVolume("/gone", "20261129T100000Z-00000000", Size.ZERO).writeInto(home);

    assertThat(check.of(volume, List.of()))
        .extracting(Finding::problem)
        .containsExactly("is archived in /gone, which is missing");
    Files.writeString(home.file("archived.json"), "{");
    assertThat(check.of(volume, List.of())).hasSize(1);
    Files.delete(home.file("archived.json"));
    new ArchivedVolume("s3://bucket", "20261129T100000Z-00000000", Size.ZERO).writeInto(home);
    assertThat(check.of(volume, List.of())).isEmpty();
  }

  @Test
  void a_snapshot_that_cannot_be_read_is_named() throws IOException {
    VolumeName db = host.create("db");
    Snapshotting snapshots = new Snapshotting(host.context.services(), host.context.trees());
    SnapshotName name = new SnapshotName("one");
    var _ = snapshots.create(new SnapshotRequest("db", Optional.of(name), Optional.empty(), false));
    Volume volume = host.registry.get("check", db);
    assertThat(check.of(volume, List.of())).isEmpty();

    Files.writeString(host.registry.snapshots().home(db, name).file("snapshot.json"), "{");

    assertThat(check.of(volume, List.of()))
        .extracting(Finding::remedy)
        .containsExactly("keg snapshot rm db one");
  }
}
