package dev.keg.policy;

import dev.keg.backup.restore.ScratchVolume;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.VolumeException;
import dev.keg.registry.VolumeRegistry.RegistryEntry;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the snapshots that are due by policy, and removes those that nobody wants any more. */
final class SnapshotUpkeep {
  private final Policies policies;
  private final BackupContext context;
  private final Snapshotting snapshots;
  private final Consumer<VolumeException> problems;

  SnapshotUpkeep(Policies policies, BackupContext context, Consumer<VolumeException> problems) {
    this.policies = policies;
    this.context = context;
    this.snapshots = new Snapshotting(context.services(), context.trees());
    this.problems = problems;
  }

  /** What is due now; making comes first. */
  List<Task> due() {
    List<Task> due = new ArrayList<>();
    for (Volume volume : volumes()) {
      tried(
          () -> {
            SnapshotWork work = work(volume, problems);
            work.make().ifPresent(due::add);
            due.addAll(work.remove());
          });
    }
    return due;
  }

  /** Does what is due, and returns how much that was. */
  int run(Consumer<Task> done) {
    int[] count = {0};
    for (Volume volume : volumes()) {
      tried(
          () -> {
            Optional<Task.MakeSnapshot> make = work(volume, problems).make();
            if (make.isPresent()) {
              count[0]++;
              make(make.get(), done);
            }
          });
      tried(
          () -> {
            // What cannot be read was told above.
            for (Task.RemoveSnapshot remove : work(volume, _ -> {}).remove()) {
              count[0]++;
              tried(
                  () -> {
                    snapshots.remove(remove.volume().text(), remove.snapshot());
                    done.accept(remove);
                  });
            }
          });
    }
    return count[0];
  }

  private void make(Task.MakeSnapshot task, Consumer<Task> done) {
    VolumeName name = task.volume();
    var _ =
        snapshots.create(
            new SnapshotRequest(name.text(), Optional.empty(), Optional.empty(), true));
    done.accept(task);
  }

  private SnapshotWork work(Volume volume, Consumer<VolumeException> unreadable) {
    ZonedDateTime now = context.clock().instant().atZone(context.services().clock().getZone());
    return new SnapshotWork(
        policies.of(volume), context.registry().snapshots().list(volume.name(), unreadable), now);
  }

  /**
   * All but those of drills. A volume that cannot be read is a problem that whoever plans backups
   * tells.
   */
  private List<Volume> volumes() {
    if (!context.registry().openForReading()) {
      return List.of();
    }
    List<Volume> volumes = new ArrayList<>();
    for (RegistryEntry entry : context.registry().list()) {
      if (entry instanceof RegistryEntry.Intact(Volume volume)
          && !ScratchVolume.isOne(volume.name(), context.home(volume))) {
        volumes.add(volume);
      }
    }
    return volumes;
  }

  private void tried(Runnable step) {
    try {
      step.run();
    } catch (VolumeException e) {
      problems.accept(e);
    }
  }
}
