package dev.keg.platform;

import dev.keg.driver.DriverFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The platforms of this installation.
 *
 * @param here this machine's platform
 * @param elsewhere the others, whose drivers are listed as unavailable
 */
public record Platforms(Platform here, List<Platform> elsewhere) {
  public Platforms {
    elsewhere = List.copyOf(elsewhere);
  }

  /** Finds them; {@code osName} is the system property {@code os.name}. */
  public static Platforms on(String osName) {
    Platform here = new OtherSystem(osName);
    List<Platform> elsewhere = new ArrayList<>();
    for (Platform platform : ServiceLoader.load(Platform.class)) {
      if (platform.runsOn(osName)) {
        here = platform;
      } else {
        elsewhere.add(platform);
      }
    }
    return new Platforms(here, elsewhere);
  }

  /**
   * The drivers of all platforms, those of this machine first: two systems may have drivers of one
   * name. The other platforms' are not loaded until the iteration reaches them.
   */
  public Iterable<DriverFactory> drivers() {
    return () ->
        Stream.concat(
                Stream.of(here).flatMap(platform -> platform.drivers().stream()),
                elsewhere.stream().flatMap(Platforms::unavailable))
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
