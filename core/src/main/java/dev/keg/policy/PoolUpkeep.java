package dev.keg.policy;

import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.machine.DiskRoom;
import dev.keg.moving.MoveRequest;
import dev.keg.moving.Relocating;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.registry.pool.Places;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Moves volumes to the pools of their policies, once nobody holds them. */
record PoolUpkeep(
    UpkeptVolumes volumes, Relocating relocating, Consumer<VolumeException> problems) {

  List<Task.Move> due() {
    List<Task.Move> due = new ArrayList<>();
    // The planning of backups reports unreadable volumes.
    for (Volume volume : volumes.list(_ -> {})) {
      tried(() -> move(volume).ifPresent(due::add));
    }
    return due;
  }

  /** Does the due work, and returns its amount. */
  int run(Consumer<Task.Move> done) {
    List<Task.Move> due = due();
    for (Task.Move task : due) {
      tried(
          () -> {
            if (isStillDue(task)) {
              requireRoom(task);
              var _ = relocating.move(MoveRequest.byPolicy(task.volume()), task.pool());
              done.accept(task);
            }
          });
    }
    return due.size();
  }

  /** The moves before it may have taken hours, and the operator said otherwise meanwhile. */
  private boolean isStillDue(Task.Move task) {
    VolumeRegistry registry = volumes.context().registry();
    return registry
        .find(task.volume())
        .flatMap(registry.catalog()::own)
        .flatMap(this::move)
        .filter(now -> now.pool().equals(task.pool()))
        .isPresent();
  }

  /**
   * A move that no person requested must not fill a disk. The repository of an archive is not
   * checked, and a continued move needs space only for the rest.
   */
  private void requireRoom(Task.Move task) {
    VolumeRegistry registry = volumes.context().registry();
    Places places = registry.layout().places();
    if (places.repository(task.pool()).isPresent()) {
      return;
    }
    Path directory = places.require(task.pool()).directory();
    Size size = volumes.facts().size(registry.get("move", task.volume()));
    FileFailures.run(
        "measure",
        directory,
        () -> {
          long there = 0;
          for (ArrivingCopy copy : registry.relocations().unfinished(task.volume())) {
            if (copy.place().pool().equals(task.pool())) {
              there += TreeDeletion.reportedBytes(copy.home().path());
            }
          }
          requireRoom(task, new Size(Math.max(0, size.bytes() - there)), directory);
        });
  }

  private static void requireRoom(Task.Move task, Size size, Path directory) throws IOException {
    FileStore store = Files.getFileStore(directory);
    Size free = new Size(store.getUsableSpace());
    if (size.bytes() > free.bytes() - DiskRoom.reserve(store).bytes()) {
      throw new MoveFailed(
          task.volume().text(),
          "it has %s, which would fill pool %s, with %s free"
              .formatted(size.human(), task.pool(), free.human()),
          "free some space there, or run `keg move %s --pool %s`"
              .formatted(task.volume(), task.pool()));
    }
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
        "in pool %s, but %s says %s".formatted(pool, policy.source(PolicyKey.POOL), wanted.get());
    return Optional.of(
        new Task.Move(volume.name(), wanted.get(), why + losing(volume, wanted.get())));
  }

  private String losing(Volume volume, PoolName pool) {
    VolumeRegistry registry = volumes.context().registry();
    int snapshots = registry.snapshots().names(volume.name()).size();
    return snapshots == 0 || registry.layout().places().repository(pool).isEmpty()
        ? ""
        : ", which keeps none of its %d snapshots".formatted(snapshots);
  }

  private void tried(Runnable step) {
    try {
      step.run();
    } catch (VolumeException e) {
      problems.accept(e);
    }
  }
}
