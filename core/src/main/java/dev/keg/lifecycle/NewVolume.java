package dev.keg.lifecycle;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.VolumeDriver;
import dev.keg.file.CreationMode;
import dev.keg.file.FileFailures;
import dev.keg.registry.Catalog.Staged;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.Unfinished;
import dev.keg.registry.Unfinished.Kind;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A volume that is being created. Nobody sees it before it is complete, and a failure leaves
 * nothing behind. The caller holds the lock of its name.
 */
public record NewVolume(
    Services services, String operation, Volume volume, Ownership ownership, PoolName pool) {

  /** In the pool that its label asks for. */
  public NewVolume(Services services, String operation, Volume volume, Ownership ownership) {
    this(services, operation, volume, ownership, services.poolFor(volume));
  }

  /** Fills an invisible home, checks what the volume is built on, and publishes it with an id. */
  public Volume publish(Consumer<CreateRequest> fill) {
    return publish(fill, (_, _) -> {});
  }

  /**
   * The same for a volume that may have existed before.
   *
   * @param again whether it existed: then it keeps its details, including the id unless another
   *     volume has it; the caller holds the locks of both
   */
  public Volume publish(boolean again, Consumer<CreateRequest> fill) {
    return again ? publish(asBefore(), fill, this::used) : publish(fill);
  }

  /** Counts it as used now, although it may have been created long ago. */
  private void used(Volume made, VolumeHome home) {
    Path holders = services.registry().layout().attachments(home);
    FileFailures.run(
        operation + " " + made.name(),
        holders,
        () -> Files.createDirectory(holders, CreationMode.ownersDirectory(holders)));
  }

  // Hosts that share a registry, and drivers with remains on a server that other registries use as
  // well, recognise unfinished work by the id: there, no id is used twice.
  private VolumeDetails asBefore() {
    VolumeRegistry registry = services.registry();
    VolumeId id = volume.details().id();
    boolean free =
        !registry.isShared()
            && !services.driver(operation, volume).leavesTraces(volume)
            && !registry.ids().isTaken(id);
    return volume.details().ofSame(free ? id : registry.newId(), services.host());
  }

  /** Prepares the home of a volume whose data exists already. A failure never touches the data. */
  public Staged stage(Consumer<CreateRequest> fill) {
    Volume made = volume.withDetails(asNew());
    VolumeDriver driver = services.driver(operation, made);
    VolumeHome home = services.registry().stage(made.name(), pool);
    try {
      fill(made, home, fill);
      new FoundationWriters(services).requireStill(operation, made, home);
    } catch (RuntimeException e) {
      tried(() -> services.registry().abandon(home), e);
      throw e;
    }
    return new Staged(made, home, usableOn(driver, made));
  }

  private void fill(Volume made, VolumeHome home, Consumer<CreateRequest> fill) {
    var options = services.drivers().options(volume);
    fill.accept(new CreateRequest(made, home, options, ownership, services.secrets()));
  }

  private static UsableOn usableOn(VolumeDriver driver, Volume made) {
    return driver.isOnServer(made) ? UsableOn.EVERY_HOST : UsableOn.ITS_HOST;
  }

  private VolumeDetails asNew() {
    return volume.details().ofNew(services.registry().newId(), volume.created(), services.host());
  }

  /**
   * As {@link #publish(Consumer)}.
   *
   * @param complete adds what becomes visible together with the volume
   */
  Volume publish(Consumer<CreateRequest> fill, BiConsumer<Volume, VolumeHome> complete) {
    return publish(asNew(), fill, complete);
  }

  private Volume publish(
      VolumeDetails details,
      Consumer<CreateRequest> fill,
      BiConsumer<Volume, VolumeHome> complete) {
    VolumeRegistry registry = services.registry();
    Volume made = volume.withDetails(details);
    VolumeDriver driver = services.driver(operation, made);
    boolean traces = driver.leavesTraces(made);
    VolumeHome home = registry.stage(made.name(), pool);
    Unfinished unfinished = new Unfinished(Kind.VOLUME, made, home);
    boolean filled = false;
    try {
      if (traces) {
        unfinished.note(registry.layout());
      }
      fill(made, home, fill);
      filled = true;
      complete.accept(made, home);
      new FoundationWriters(services).requireStill(operation, made, home);
      registry.publish(made, home, usableOn(driver, made));
    } catch (RuntimeException e) {
      if (filled || (traces && e.getSuppressed().length == 0)) {
        tried(() -> driver.takeBack(made, home), e);
      }
      // What could not be rolled back is noted in the home for a later command.
      if (!traces || e.getSuppressed().length == 0) {
        tried(() -> registry.abandon(home), e);
      }
      throw e;
    }
    if (traces) {
      unfinished.forget(registry.layout(), services.home(made.name()));
    }
    return made;
  }

  private static void tried(Runnable cleanUp, RuntimeException failure) {
    // Only the work was interrupted, not the cleanup.
    var _ = Thread.interrupted();
    try {
      cleanUp.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
