package dev.keg.platform;

import dev.keg.driver.DriverFactory;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The platforms of this installation.
 *
 * @param here this machine's platform
 * @param elsewhere finds the others, whose drivers are listed as unavailable
 */
public record Platforms(Platform here, Supplier<Stream<Platform>> elsewhere) {
  /** Finds them; {@code osName} is the system property {@code os.name}. */
  public static Platforms on(String osName) {
    // It reads one jar after the other, so this machine's platform is in one of the first.
    ServiceLoader<Platform> installed = ServiceLoader.load(Platform.class);
    Platform here = new OtherSystem(osName);
    for (Platform platform : installed) {
      if (platform.runsOn(osName)) {
        here = platform;
        break;
      }
    }
    return new Platforms(here, () -> without(osName, installed));
  }

  private static Stream<Platform> without(String osName, Iterable<Platform> platforms) {
    return StreamSupport.stream(platforms.spliterator(), false)
        .filter(platform -> !platform.runsOn(osName));
  }

  /**
   * The drivers of all platforms, those of this machine first: two systems may have drivers of one
   * name. The other platforms' are not loaded until the iteration reaches them.
   */
  public Iterable<DriverFactory> drivers() {
    return () ->
        Stream.concat(
                Stream.of(here).flatMap(platform -> platform.drivers().stream()),
                elsewhere.get().flatMap(Platforms::unavailable))
            .iterator();
  }

  private static Stream<DriverFactory> unavailable(Platform platform) {
    Optional<String> reason = Optional.of("it needs " + platform.name());
    return platform.drivers().stream().map(driver -> driver.unless(() -> reason));
  }

  /** A system without a module. */
  private record OtherSystem(String name) implements Platform {
    @Override
    public boolean runsOn(String osName) {
      return osName.equals(name);
    }
  }
}
