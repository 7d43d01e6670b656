package dev.keg.driver.local;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.volume.Volume;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/** The driver of volumes that name none. On Windows it takes no options, as docker's. */
public final class LocalDriverFactory implements DriverFactory {
  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          new OptionDescriptor("type", "TYPE", "file system to mount, as mount -t"),
          new OptionDescriptor("device", "DEVICE", "what to mount"),
          new OptionDescriptor("o", "OPTION,...", "mount options, as mount -o"),
          new OptionDescriptor("size", "SIZE", "limit, where the file system has project quotas"),
          new OptionDescriptor("uid", "UID", "owner of a plain volume's directory"),
          new OptionDescriptor("gid", "GID", "group of a plain volume's directory"),
          new OptionDescriptor("mode", "MODE", "permissions of a plain volume's directory"));

  private final boolean windows;
  private final Function<DriverContext, Optional<LocalPlatform>> platform;

  public LocalDriverFactory() {
    this(
        System.getProperty("os.name", "").startsWith("Windows"),
        context ->
            ServiceLoader.load(LocalPlatform.Provider.class)
                .findFirst()
                .map(provider -> provider.open(context)));
  }

  LocalDriverFactory(boolean windows, Function<DriverContext, Optional<LocalPlatform>> platform) {
    this.windows = windows;
    this.platform = platform;
  }

  @Override
  public String name() {
    return Volume.DEFAULT_DRIVER;
  }

  @Override
  public String summary() {
    return "a directory of the volume's own, or a mount described by docker's options";
  }

  @Override
  public List<OptionDescriptor> options() {
    return windows ? List.of() : OPTIONS;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public VolumeDriver open(DriverContext context) {
    return new LocalDriver(() -> windows ? Optional.empty() : platform.apply(context));
  }
}
