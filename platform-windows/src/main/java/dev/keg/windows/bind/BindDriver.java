package dev.keg.windows.bind;

import dev.keg.driver.Adopts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.WindowsOperation;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A volume whose data is an existing directory. Nothing is mounted: the data is used in place.
 * Removing the volume keeps the directory.
 */
public final class BindDriver implements VolumeDriver, Adopts {
  private static final List<OptionDescriptor> KNOWN =
      List.of(
          new OptionDescriptor("source", "PATH", "the directory").reaching(Reach.DATA),
          new OptionDescriptor("create", "true|false", "create the directory if it is missing"));

  private BindDriver() {}

  /** Describes the driver. */
  public static DriverFactory factory() {
    return new DriverFactory(
        "bind", "a directory of the host, used where it is", KNOWN, _ -> new BindDriver());
  }

  @Override
  public void validate(DriverOptions options) {
    Path source = source(options);
    boolean create = options.flag("create");
    if (Files.exists(source) ? !Files.isDirectory(source) : !create) {
      throw options.invalid(
          "source", "an existing directory" + (create ? "" : ", or add create=true"));
    }
  }

  private static Path source(DriverOptions options) {
    try {
      Path source = Path.of(options.require("source"));
      if (source.isAbsolute()) {
        return source.normalize();
      }
    } catch (InvalidPathException _) {
      // Refused below, like a relative path.
    }
    throw options.invalid("source", "an absolute path");
  }

  @Override
  public void create(CreateRequest request) {
    WindowsOperation.createDataDirectory(request);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {}

  @Override
  public Path mount(MountRequest request) {
    Path source = source(request.options());
    VolumeName name = request.volume().name();
    if (request.options().flag("create")) {
      new WindowsOperation("mount", name).run(() -> Files.createDirectories(source));
    }
    if (!Files.isDirectory(source)) {
      throw new DriverFailed("mount", name.text(), "its directory is missing: " + source);
    }
    return source;
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {}

  @Override
  public Path mountpoint(Volume volume, VolumeHome home) {
    return source(DriverOptions.of(volume.name(), volume.options(), KNOWN));
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    Path source = mountpoint(volume, home);
    return Storage.directory(source).missing(!Files.isDirectory(source));
  }

  @Override
  public Optional<Options> optionsFor(Path existing) {
    return Files.isDirectory(existing)
        ? Optional.of(Options.NONE.with("source", existing.toString()))
        : Optional.empty();
  }

  @Override
  public void adopt(Path existing, CreateRequest request) {
    create(request);
  }

  @Override
  public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
    return Optional.of(mountpoint(volume, home));
  }
}
