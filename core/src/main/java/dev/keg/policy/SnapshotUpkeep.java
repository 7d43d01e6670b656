package dev.keg.policy;

import dev.keg.backup.save.BackupContext;
import dev.keg.error.VolumeException;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes snapshots that are due by policy, and removes obsolete ones. */
final class SnapshotUpkeep {
  private final UpkeptVolumes volumes;
  private final BackupContext context;
  private final Snapshotting snapshots;
  private final Consumer<VolumeException> problems;

  SnapshotUpkeep(UpkeptVolumes volumes, Consumer<VolumeException> problems) {
    this.volumes = volumes;
    this.context = volumes.context();
    this.snapshots = new Snapshotting(context.services(), context.trees());
    this.problems = problems;
  }

  /** The tasks that are due now; taking snapshots comes first. */
  List<Task> due() {
    List<Task> due = new ArrayList<>();
    for (Volume volume : all()) {
      tried(
          () -> {
            SnapshotWork work = work(volume, problems);
            work.make().ifPresent(due::add);
            due.addAll(work.remove());
          });
    }
    return due;
  }

  /** Does the due work, and returns its amount. */
  int run(Consumer<Task> done) {
    int[] count = {0};
    for (Volume volume : all()) {
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
    return new SnapshotWork(
        volumes.policy(volume),
        context.registry().snapshots().list(volume.name(), unreadable),
        volumes.facts().now());
  }

  /** Ignores unreadable volumes, which the planning of backups reports. */
  private List<Volume> all() {
    return volumes.here(_ -> {});
  }

  private void tried(Runnable step) {
    try {
      step.run();
    } catch (VolumeException e) {
      problems.accept(e);
    }
  }
}
