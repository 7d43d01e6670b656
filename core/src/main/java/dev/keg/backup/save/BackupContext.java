package dev.keg.backup.save;

import dev.keg.backup.writer.StopNotes;
import dev.keg.backup.writer.Supervisor;
import dev.keg.driver.VolumeDriver;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.program.Programs;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tree.FileTrees;
import dev.keg.volume.Size;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Views;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The dependencies of saving and restoring. */
public record BackupContext(
    Services services,
    Volumes volumes,
    Views views,
    FileTrees trees,
    DirectorySync sync,
    RandomGenerator random) {

  /** The same, reading snapshots of these volumes in their place. */
  public BackupContext at(Map<VolumeName, SnapshotName> snapshots) {
    return new BackupContext(services, volumes, views.at(snapshots), trees, sync, random);
  }

  public VolumeRegistry registry() {
    return services.registry();
  }

  public InstantSource clock() {
    return services.clock();
  }

  public VolumeDriver driver(String operation, Volume volume) {
    return services.driver(operation, volume);
  }

  public VolumeHome home(Volume volume) {
    return services.home(volume.name());
  }

  /** The notes of what backups have stopped, which these programs start again. */
  public StopNotes stopNotes(Programs programs) {
    return new StopNotes(services, random, programs, Supervisor.PATIENCE);
  }

  /** The amount of data to read. */
  Size usage(Volume volume) {
    return volumes.usage(volume);
  }
}
