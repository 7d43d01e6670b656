package dev.keg.linux.plugin;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.KnowsHolders;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumePlugins.Keeps;
import dev.keg.driver.VolumePlugins.PluginVolume;
import dev.keg.driver.plugin.Plugin;
import dev.keg.driver.plugin.Plugin.Described;
import dev.keg.driver.plugin.PluginException;
import dev.keg.driver.plugin.PluginPlaces;
import dev.keg.driver.plugin.PluginRecord;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.Propagation;
import dev.keg.linux.mount.BindMount;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.MountPropagation;
import dev.keg.linux.mount.Submounts;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Keeps volumes in a Docker volume plugin, and binds the plugin's mounts to the data directory. */
public final class PluginDriver implements VolumeDriver, KnowsHolders, Keeps {
  private static final String NAME = "plugin";

  private static final OptionDescriptor PLUGIN =
      new OptionDescriptor(NAME, "NAME", "the plugin; required, unless it is the driver's name")
          .reaching(Reach.DATA);

  private static final OptionDescriptor OTHERS =
      OptionDescriptor.any("any other option goes to the plugin");

  private final Optional<String> name;
  private final PluginPlaces places;
  private final VolumeHomes homes;
  private final Consumer<String> debug;
  private final Kernel kernel;
  private final DataMount mount;

  private PluginDriver(
      Optional<String> name, PluginPlaces places, DriverContext context, Kernel kernel) {
    this.name = name;
    this.places = places;
    this.homes = context.homes();
    this.debug = context.debug();
    this.kernel = kernel;
    this.mount = new DataMount(kernel);
  }

  /** The factory of driver {@code plugin}, with an option for the plugin's name. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return factory(kernel, context -> LinuxPlugins.places(context.environment()));
  }

  static DriverFactory factory(
      Function<DriverContext, Kernel> kernel, Function<DriverContext, PluginPlaces> places) {
    return new DriverFactory(
        NAME,
        "a volume of a Docker volume plugin; its name is a driver, too",
        List.of(PLUGIN, OTHERS),
        context ->
            new PluginDriver(
                Optional.empty(), places.apply(context), context, kernel.apply(context)));
  }

  /** The factory of a driver that is named after a plugin. */
  static DriverFactory factory(
      String plugin, Function<DriverContext, Kernel> kernel, PluginPlaces places) {
    return new DriverFactory(
        plugin,
        "a volume of this Docker volume plugin",
        List.of(OTHERS),
        context -> new PluginDriver(Optional.of(plugin), places, context, kernel.apply(context)));
  }

  @Override
  public void validate(DriverOptions options) {
    String plugin = plugin(options);
    if (!places.has(plugin)) {
      throw new InvalidOption(
          options.volume().text(),
          "there is no plugin %s".formatted(plugin),
          "Keg looks for plugins in /run/docker/plugins, /etc/docker/plugins and"
              + " /usr/lib/docker/plugins");
    }
  }

  private String plugin(DriverOptions options) {
    return name.orElseGet(() -> options.require(NAME));
  }

  @Override
  public void create(CreateRequest request) {
    Volume volume = request.volume();
    String text = volume.name().text();
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported("create", text, "the plugin sets owner and mode");
    }
    new DataDirectory(volume.name(), request.home()).create(Ownership.DEFAULT);
    String keeper = plugin(request.options());
    PluginOperation.run(
        "create",
        volume,
        () -> {
          Plugin plugin = find(keeper);
          // The plugin would wait for the lock that this command holds.
          if (plugin.isKegWith(request.home().path())) {
            throw PluginException.unusable("the plugin is Keg itself, with this registry");
          }
          boolean there = plugin.get(text).isPresent();
          SortedMap<String, String> options = new TreeMap<>(request.options().options().map());
          if (name.isEmpty()) {
            options.remove(NAME);
          }
          if (there) {
            requireFree(keeper, volume, options);
          }
          new PluginRecord(keeper, text, plugin.scope(), !there).write(request.home());
          if (!there) {
            plugin.create(text, options);
          }
        });
  }

  private void requireFree(String keeper, Volume volume, SortedMap<String, String> options)
      throws IOException {
    String text = volume.name().text();
    if (!options.isEmpty()) {
      throw new InvalidOption(
          text,
          "plugin %s has a volume of this name already".formatted(keeper),
          "without options for the plugin, Keg uses it as it is");
    }
    for (VolumeHome other :
        Stream.concat(homes.unfinished().stream(), homes.all().stream()).toList()) {
      Optional<PluginRecord> record = PluginRecord.read(other);
      if (record.isPresent()
          && record.get().plugin().equals(keeper)
          && record.get().name().equals(text)) {
        throw new InvalidOption(
            text,
            "plugin %s keeps its volume of this name for volume %s"
                .formatted(keeper, other.path().getFileName()));
      }
    }
  }

  @Override
  public void takeBack(Volume volume, VolumeHome home) {
    PluginOperation.run(
        "create",
        volume,
        () -> {
          Optional<PluginRecord> record = PluginRecord.read(home);
          if (record.isPresent() && record.get().made()) {
            find(record.get().plugin()).remove(record.get().name());
          }
        });
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    unmount("remove", volume, home);
    PluginOperation.run(
        "remove",
        volume,
        () -> {
          Optional<PluginRecord> record = PluginRecord.read(home);
          if (record.isPresent()) {
            remove(find(record.get().plugin()), record.get().name());
          }
        });
  }

  private static void remove(Plugin plugin, String kept) throws PluginException {
    try {
      plugin.remove(kept);
    } catch (PluginException e) {
      if (!e.answered() || plugin.get(kept).isPresent()) {
        throw e;
      }
    }
  }

  @Override
  public Path mount(MountRequest request) {
    VolumeHome home = request.home();
    String holder = request.holder().isEmpty() ? "keg" : request.holder();
    DriverOperation operation = new DriverOperation("mount", request.volume().name());
    PluginOperation.run(
        "mount",
        request.volume(),
        () -> {
          boolean mounted = mount.isMounted(operation, home);
          if (mounted && PluginRecord.holders(home).contains(holder)) {
            return;
          }
          PluginHolders holders = holders(home);
          if (!mounted) {
            var _ = new DataDirectory(request.volume().name(), home).require("mount");
            holders.endLeftOver(debug);
          }
          holders.begin(holder, source -> bind(operation, source, home, mounted));
        });
    return home.data();
  }

  private void bind(DriverOperation operation, Path source, VolumeHome home, boolean mounted)
      throws IOException {
    Path root = home.path().toRealPath().resolve("../..").normalize();
    if (source.startsWith(root) || root.startsWith(source)) {
      throw PluginException.unusable(
          "the plugin's mountpoint '%s' is not outside of Keg's root".formatted(source));
    }
    if (!mounted) {
      operation.run(
          "cannot bind " + source,
          () ->
              kernel
                  .mounts()
                  .bind(
                      new BindMount(
                          FileLocation.exactly(source),
                          FileLocation.at(home.data()),
                          Submounts.FLAGGED_IF_POSSIBLE,
                          Set.of(),
                          new MountPropagation(Propagation.SLAVE, true),
                          null)));
    }
  }

  @Override
  public void release(Volume volume, VolumeHome home, String holder) {
    PluginOperation.run(
        "unmount",
        volume,
        () -> {
          if (PluginRecord.holders(home).contains(holder)) {
            holders(home).end(holder);
          }
        });
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    unmount("unmount", volume, home);
  }

  private void unmount(String operation, Volume volume, VolumeHome home) {
    mount.takeDownTree(new DriverOperation(operation, volume.name()), home);
    PluginOperation.run(
        operation,
        volume,
        () -> {
          if (!PluginRecord.holders(home).isEmpty()) {
            holders(home).endAll();
          }
        });
  }

  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    SortedMap<String, String> status = new TreeMap<>();
    PluginOperation.run(
        "get",
        volume,
        () -> {
          PluginRecord record = record(home);
          Optional<Described> described = find(record.plugin()).get(record.name());
          if (described.isEmpty()) {
            status.put("missing", "plugin %s has no such volume".formatted(record.plugin()));
          } else {
            status.putAll(described.get().status());
            if (!described.get().mountpoint().isEmpty()) {
              status.put("mountpoint", described.get().mountpoint());
            }
          }
        });
    return status;
  }

  @Override
  public String scope(Volume volume, VolumeHome home) {
    return kept(home).map(PluginRecord::scope).orElse("local");
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return Storage.fileSystem(NAME, home.data());
  }

  @Override
  public Optional<PluginVolume> kept(Volume volume, VolumeHome home) {
    return kept(home).map(record -> new PluginVolume(record.plugin(), record.name(), ""));
  }

  private static Optional<PluginRecord> kept(VolumeHome home) {
    return FileFailures.translate(
        "read what a plugin keeps", home.path(), () -> PluginRecord.read(home));
  }

  private static PluginRecord record(VolumeHome home) throws IOException {
    return PluginRecord.read(home)
        .orElseThrow(() -> PluginException.unusable("plugin.json is missing in " + home.path()));
  }

  private PluginHolders holders(VolumeHome home) throws IOException {
    PluginRecord record = record(home);
    return new PluginHolders(find(record.plugin()), record.name(), home);
  }

  private Plugin find(String keeper) throws PluginException {
    return Plugin.find(places, keeper, debug);
  }
}
