package dev.keg.backup;

import dev.keg.driver.FakeDriver;
import dev.keg.driver.Freezes;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plain directories that can be frozen, with one option of each kind. */
public final class FakeHoldingDriver extends FakeDriver implements Freezes {
  public volatile boolean frozen;
  public int copies;
  public @Nullable Path copy;

  /** How long writers may wait for a copy. */
  public Duration copyLimit = Duration.ZERO;

  /** Called when a read of the frozen data begins. */
  public Runnable onRead = () -> {};

  public int freezes;

  /** How long another process has frozen it already. */
  public Duration waited = Duration.ZERO;

  /** Whether it stores data on a server. */
  public boolean onServer;

  /** The directories that still existed when their limits were removed. */
  public final List<Path> unlimited = new ArrayList<>();

  public FakeHoldingDriver() {
    super(
        "holding",
        new OptionDescriptor("key", "KEY", "a secret", true),
        new OptionDescriptor("place", "DIRECTORY", "where the data is").reaching(Reach.DATA),
        new OptionDescriptor("template", "FILE", "what it reads").reaching(Reach.HOST),
        new OptionDescriptor("color", "COLOR", "nothing outside"));
  }

  @Override
  public Frozen freeze(Volume volume, VolumeHome home) {
    frozen = true;
    freezes++;
    return new Frozen() {
      @Override
      public Duration waited() {
        return waited;
      }

      @Override
      public void close() {
        frozen = false;
      }
    };
  }

  @Override
  public void unlimit(Volume volume, VolumeHome home, Path directory) {
    super.unlimit(volume, home, directory);
    if (Files.isDirectory(directory)) {
      unlimited.add(directory);
    }
  }

  @Override
  public boolean leavesTraces(Volume volume) {
    return onServer;
  }

  @Override
  public boolean alwaysVisible(Volume volume) {
    return true;
  }

  @Override
  public Optional<Copy> copy(Volume volume, VolumeHome home, Duration limit) {
    copyLimit = limit;
    Path place = copy;
    if (place == null) {
      return Optional.empty();
    }
    copies++;
    return Optional.of(
        new Copy() {
          @Override
          public void read(Consumer<Path> work) {
            work.accept(place);
          }

          @Override
          public void close() {
            copies--;
          }
        });
  }
}
