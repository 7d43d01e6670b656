package dev.keg.linux.bind;

import dev.keg.driver.Adopts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.Propagation;
import dev.keg.linux.mount.BindMount;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.MountPropagation;
import dev.keg.linux.mount.Submounts;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Binds a directory of the host to the data directory. */
public final class BindDriver implements VolumeDriver, Adopts {
  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          new OptionDescriptor("source", "DIRECTORY", "the host's directory").reaching(Reach.DATA),
          new OptionDescriptor("create", "true|false", "create the directory if it is missing"),
          new OptionDescriptor("rbind", "true|false", "include mounts below it"),
          new OptionDescriptor("ro", "true|false", "read-only"),
          new OptionDescriptor("nosuid", "true|false", "ignore set-user-ID bits"),
          new OptionDescriptor("nodev", "true|false", "ignore device files"),
          new OptionDescriptor("noexec", "true|false", "do not run programs from it"));

  private static final List<MountFlag> FLAGS =
      List.of(MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOEXEC);

  private final Kernel kernel;
  private final DataMount mount;

  private BindDriver(Kernel kernel) {
    this.kernel = kernel;
    this.mount = new DataMount(kernel);
  }

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
        "bind",
        "a directory of the host, used where it is",
        OPTIONS,
        context -> new BindDriver(kernel.apply(context)));
  }

  @Override
  public void validate(DriverOptions options) {
    var _ = source(options);
    var _ = flags(options);
    var _ = options.flag("create");
    var _ = options.flag("rbind");
  }

  private static Path source(DriverOptions options) {
    Path source = Path.of(options.require("source"));
    if (!source.isAbsolute() || source.getNameCount() == 0) {
      throw options.invalid("source", "an absolute path of a directory other than /");
    }
    return source;
  }

  private static Set<MountFlag> flags(DriverOptions options) {
    Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    for (MountFlag flag : FLAGS) {
      if (options.flag(flag.word())) {
        flags.add(flag);
      }
    }
    return flags;
  }

  @Override
  public void create(CreateRequest request) {
    String volume = request.volume().name().text();
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported("create", volume, "the source keeps its owner and mode");
    }
    Path source = source(request.options());
    if (request.options().flag("create")) {
      new DriverOperation("create", request.volume().name())
          .run("cannot create the source " + source, () -> Files.createDirectories(source));
    } else if (!Files.isDirectory(source)) {
      throw new InvalidOption(
          volume,
          "the source " + source + " is not a directory",
          "-o create=true creates it if it is missing");
    }
    new DataDirectory(request.volume().name(), request.home()).create(Ownership.DEFAULT);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    mount.takeDownTree(new DriverOperation("remove", volume.name()), home);
  }

  @Override
  public Path mount(MountRequest request) {
    DriverOperation operation = new DriverOperation("mount", request.volume().name());
    Path data = request.home().data();
    if (!mount.isMounted(operation, request.home())) {
      var _ = new DataDirectory(request.volume().name(), request.home()).require("mount");
      Path source = source(request.options());
      operation.run(
          "cannot bind " + source, () -> kernel.mounts().bind(bind(request.options(), data)));
    }
    return data;
  }

  // As a slave, the bind shows later mounts below the source but propagates none back to it.
  private static BindMount bind(DriverOptions options, Path data) {
    boolean recursive = options.flag("rbind");
    return new BindMount(
        FileLocation.at(source(options)),
        FileLocation.at(data),
        recursive ? Submounts.FLAGGED_IF_POSSIBLE : Submounts.LEFT_OUT,
        flags(options),
        new MountPropagation(recursive ? Propagation.SLAVE : Propagation.PRIVATE, recursive),
        null);
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    mount.takeDownTree(new DriverOperation("unmount", volume.name()), home);
  }

  @Override
  public Optional<Options> optionsFor(Path existing) {
    return Files.isDirectory(existing) && existing.getNameCount() > 0
        ? Optional.of(Options.NONE.with("source", existing.toString()))
        : Optional.empty();
  }

  @Override
  public void adopt(Path existing, CreateRequest request) {
    create(request);
  }

  @Override
  public Optional<Path> elsewhere(Volume volume, VolumeHome home) {
    return volume.options().text("source").map(Path::of);
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    Path source = answering("inspect", volume);
    return Storage.directory(source).missing(!Files.isDirectory(source));
  }

  @Override
  public Footprint footprint(Volume volume, VolumeHome home) {
    return new Footprint.Tree(answering("measure", volume));
  }

  /** The source, once it has answered; it may be on a server. */
  private Path answering(String operation, Volume volume) {
    Path source = Path.of(volume.options().text("source").orElse(""));
    mount.requireAnswer(new DriverOperation(operation, volume.name()), source);
    return source;
  }
}
