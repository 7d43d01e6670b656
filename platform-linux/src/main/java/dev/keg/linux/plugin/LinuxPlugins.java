package dev.keg.linux.plugin;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.VolumePlugins;
import dev.keg.driver.plugin.Plugin;
import dev.keg.driver.plugin.PluginException;
import dev.keg.driver.plugin.PluginPlaces;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.Kernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The volume plugins that docker would find on this machine; a user may have more. */
public final class LinuxPlugins implements VolumePlugins {
  private final PluginPlaces places;
  private final Function<DriverContext, Kernel> kernel;
  private final Consumer<String> debug;

  public LinuxPlugins(
      Map<String, String> environment,
      Function<DriverContext, Kernel> kernel,
      Consumer<String> debug) {
    this(places(environment), kernel, debug);
  }

  LinuxPlugins(
      PluginPlaces places, Function<DriverContext, Kernel> kernel, Consumer<String> debug) {
    this.places = places;
    this.kernel = kernel;
    this.debug = debug;
  }

  static PluginPlaces places(Map<String, String> environment) {
    List<Path> own = own(environment);
    return new PluginPlaces(
        List.of(Path.of("/run/docker/plugins")),
        Stream.concat(
                own.stream(),
                Stream.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins")))
            .toList());
  }

  /** The directories that a rootless docker searches. */
  private static List<Path> own(Map<String, String> environment) {
    Optional<Path> home = absolute(environment, "HOME");
    return Stream.of(
            absolute(environment, "XDG_CONFIG_HOME")
                .or(() -> home.map(path -> path.resolve(".config")))
                .map(path -> path.resolve("docker/plugins")),
            home.map(path -> path.resolve(".local/lib/docker/plugins")))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Path> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).map(Path::of).filter(Path::isAbsolute);
  }

  @Override
  public Optional<DriverFactory> find(String name) {
    return places.has(name)
        ? Optional.of(PluginDriver.factory(name, kernel, places))
        : Optional.empty();
  }

  @Override
  public Listed list(Path root) {
    List<PluginVolume> volumes = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>();
    for (String name : names()) {
      try {
        Plugin plugin = Plugin.find(places, name, debug).within(Plugin.PATIENCE);
        if (!plugin.isKegWith(root)) {
          for (Plugin.Described volume : plugin.list()) {
            volumes.add(new PluginVolume(name, volume.name(), volume.mountpoint()));
          }
        }
      } catch (PluginException e) {
        problems.add(
            new DriverFailed(
                "ls", "the volumes of plugin " + name, String.valueOf(e.getMessage())));
      }
    }
    return new Listed(volumes, problems);
  }

  private SortedSet<String> names() {
    return FileFailures.translate(
        "look for plugins", Path.of("/run/docker/plugins"), places::names);
  }
}
