package dev.keg.lifecycle;

import dev.keg.driver.CreateRequest;
import dev.keg.registry.Catalog.Reach;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A volume that is being made. Nobody sees it before it is complete, and a failure leaves nothing
 * behind. The caller holds the lock of its name.
 */
public record NewVolume(
    Services services, String operation, Volume volume, Ownership ownership, PoolName pool) {

  /** In the pool that its label asks for. */
  public NewVolume(Services services, String operation, Volume volume, Ownership ownership) {
    this(services, operation, volume, ownership, services.poolFor(volume));
  }

  /** Fills an invisible home, checks what the volume is built on, and publishes it with an id. */
  public Volume publish(Consumer<CreateRequest> fill) {
    return publish(fill, (_, _) -> {}, _ -> {});
  }

  /**
   * The same.
   *
   * @param complete what becomes visible together with the volume
   * @param takeBack what was made outside of a home that is filled but cannot be published
   */
  Volume publish(
      Consumer<CreateRequest> fill,
      BiConsumer<Volume, VolumeHome> complete,
      Consumer<VolumeHome> takeBack) {
    VolumeRegistry registry = services.registry();
    var options = services.drivers().options(volume);
    Volume made =
        volume.withDetails(
            volume.details().ofNew(registry.newId(), volume.created(), services.host()));
    VolumeHome home = registry.stage(made.name(), pool);
    boolean filled = false;
    try {
      fill.accept(new CreateRequest(made, home, options, ownership, services.secrets()));
      filled = true;
      complete.accept(made, home);
      new Foundations(services).requireStill(operation, made, home);
      registry.publish(made, home, reach(made));
      return made;
    } catch (RuntimeException e) {
      if (filled) {
        tried(() -> takeBack.accept(home), e);
      }
      tried(() -> registry.abandon(home), e);
      throw e;
    }
  }

  private Reach reach(Volume made) {
    return services.driver(operation, made).isOnServer(made) ? Reach.EVERY_HOST : Reach.ITS_HOST;
  }

  private static void tried(Runnable cleanUp, RuntimeException failure) {
    // The interruption was for the work, not for the clean-up after it.
    var _ = Thread.interrupted();
    try {
      cleanUp.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
