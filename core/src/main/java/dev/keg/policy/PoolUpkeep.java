package dev.keg.policy;

import dev.keg.error.VolumeException;
import dev.keg.moving.MoveRequest;
import dev.keg.moving.Relocating;
import dev.keg.registry.pool.Places;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Moves volumes to the pools that their policies say, once nobody holds them. */
record PoolUpkeep(
    UpkeptVolumes volumes, Relocating relocating, Consumer<VolumeException> problems) {

  List<Task.Move> due() {
    List<Task.Move> due = new ArrayList<>();
    // What cannot be read is told by whoever plans backups.
    for (Volume volume : volumes.list(_ -> {})) {
      tried(() -> move(volume).ifPresent(due::add));
    }
    return due;
  }

  /** Does what is due, and returns how much that was. */
  int run(Consumer<Task.Move> done) {
    List<Task.Move> due = due();
    for (Task.Move task : due) {
      tried(
          () -> {
            var _ = relocating.move(MoveRequest.of(task.volume(), Optional.empty()), task.pool());
            done.accept(task);
          });
    }
    return due.size();
  }

  private Optional<Task.Move> move(Volume volume) {
    VolumePolicy policy = volumes.policy(volume);
    Optional<PoolName> wanted = policy.parse(PolicyKey.POOL, PoolName::new);
    if (wanted.isEmpty() || volumes.context().registry().isShared()) {
      return Optional.empty();
    }
    Places places = volumes.context().registry().layout().places();
    PoolName pool = places.poolOf(volume.name());
    if (wanted.get().equals(pool) || !relocating.isFree(volume)) {
      return Optional.empty();
    }
    var _ = policy.parse(PolicyKey.POOL, _ -> places.require(wanted.get()));
    String why =
        "in pool %s, and %s says %s".formatted(pool, policy.source(PolicyKey.POOL), wanted.get());
    return Optional.of(new Task.Move(volume.name(), wanted.get(), why));
  }

  private void tried(Runnable step) {
    try {
      step.run();
    } catch (VolumeException e) {
      problems.accept(e);
    }
  }
}
