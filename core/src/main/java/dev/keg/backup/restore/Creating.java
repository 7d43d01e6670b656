package dev.keg.backup.restore;

import dev.keg.backup.save.BackupContext;
import dev.keg.driver.Drivers;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Labels;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Creates volumes with initial content, as a restore creates a missing one. If a volume cannot be
 * filled, it does not exist afterwards; if the process is killed, the volume is marked as
 * incomplete and can only be removed.
 */
public record Creating(BackupContext context) {
  private static final String OPERATION = "create";

  /** Creates a volume whose empty directory the work fills. */
  public Volume create(VolumeRequest request, Consumer<Path> filling) {
    return create(request, (_, stage) -> filling.accept(stage));
  }

  /** Creates a volume with the content of an archive or a backup. */
  public Volume create(
      VolumeRequest request, RestoreSource source, RestoreRequest restore, TreeListener listener) {
    if (source.volume().filter(Volume::holdsDisk).isPresent()) {
      throw new NotSupported(
          OPERATION,
          request.name().text(),
          "the backup holds a disk; `keg restore --to` makes a volume of it");
    }
    return create(
        request,
        (view, stage) ->
            new StagedRestore(OPERATION, context.trees(), view.data(), source, restore, listener)
                .fill(stage));
  }

  private Volume create(VolumeRequest request, BiConsumer<View, Path> filling) {
    VolumeName name = request.name();
    // If it were protected from the beginning, it could not be removed after a failure.
    Volume volume = request.withProtection(Protection.none()).volume(context.clock().instant());
    requireLasting(volume);
    Restoring restoring = new Restoring(context, OPERATION);
    PoolName pool = request.pool().orElseGet(() -> context.services().poolFor(volume));
    Volume made = restoring.publish(volume, pool, Drivers::newOptions);
    try (RestoreLock _ = restoring.lock(name);
        View view = context.views().openAlone(OPERATION, name)) {
      if (!restoring.isEmpty(view)) {
        throw new NotSupported(
            OPERATION, name.text(), "the storage that its options name is not empty");
      }
      restoring.exchange(view).run(stage -> filling.accept(view, stage), false, true);
    } catch (RuntimeException e) {
      restoring.remove(made, e);
      throw e;
    }
    Optional<Protection> protection = Optional.of(request.protection());
    try (var _ = context.registry().lock().lock(name)) {
      var _ = context.services().still(OPERATION, made);
      return context
          .volumes()
          .update(
              name.text(), new VolumeChange(Labels.NONE, List.of(), Optional.empty(), protection));
    }
  }

  private void requireLasting(Volume volume) {
    if (!context.driver(OPERATION, volume).lasts(volume)) {
      throw new NotSupported(
          OPERATION,
          volume.name().text(),
          "driver '%s' keeps no data while the volume is not mounted; mount it and fill it with `keg cp`"
              .formatted(volume.driver()));
    }
  }
}
