package dev.keg.windows.temp;

import dev.keg.disk.Blank;
import dev.keg.disk.DiskKind;
import dev.keg.driver.ClosesFiles;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.DiskLimits;
import dev.keg.windows.driver.GrantOptions;
import dev.keg.windows.driver.OptionString;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.driver.WindowsOperation;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Grants;
import dev.keg.windows.win32.VirtualDisks.Access;
import dev.keg.windows.win32.VolumeFormat;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A volume without lasting data. While it is mounted, its home records the path of its disk: {@code
 * %TEMP%} may differ for the user or the session that unmounts it.
 */
public final class TempDriver implements VolumeDriver, ClosesFiles {
  private static final List<OptionDescriptor> KNOWN =
      Stream.concat(
              Stream.of(new OptionDescriptor("size", "SIZE", "the size of the disk (default 10g)")),
              GrantOptions.KNOWN.stream())
          .toList();

  private static final String PATH_FILE = "temp.path";

  private final Windows windows;
  private final Map<String, String> environment;

  private TempDriver(Windows windows, Map<String, String> environment) {
    this.windows = windows;
    this.environment = environment;
  }

  /** The driver; the supplier loads the libraries that it works with. */
  public static DriverFactory factory(Supplier<Dlls> dlls) {
    return new DriverFactory(
        "temp",
        "a disk below %TEMP%, created at mount and deleted at unmount",
        KNOWN,
        context -> new TempDriver(new Windows(dlls.get(), context.debug()), context.environment()));
  }

  @Override
  public void validate(DriverOptions options) {
    Blank _ = blank(options);
    Grants _ = grants(options);
  }

  private static Grants grants(DriverOptions options) {
    return GrantOptions.of(OptionString.spread(options, KNOWN), VolumeFormat.NTFS);
  }

  private static Blank blank(DriverOptions options) {
    return DiskLimits.blank(
        OptionString.spread(options, KNOWN), DiskKind.DYNAMIC, VolumeFormat.NTFS);
  }

  @Override
  public void create(CreateRequest request) {
    WindowsOperation.createDataDirectory(request);
    new WindowsOperation("create", request.volume().name())
        .run(() -> requireKnown(grants(request.options())));
  }

  /** A misspelt account is noticed before anything is made. */
  private void requireKnown(Grants grants) throws Win32Exception {
    String _ = windows.security().descriptor(grants);
  }

  @Override
  public boolean lasts(Volume volume) {
    return false;
  }

  @Override
  public Path mount(MountRequest request) {
    new WindowsOperation("mount", request.volume().name()).run(() -> show(request));
    return request.home().data();
  }

  private void show(MountRequest request) throws Win32Exception, IOException {
    VolumeHome home = request.home();
    Optional<Path> recorded = recorded(home);
    boolean shown = recorded.isPresent() && isAttached(recorded.get());
    Path file = shown ? recorded.get() : newFile(request.volume().name());
    if (!shown) {
      // A recorded disk that is not attached is left over from an earlier boot or a killed mount.
      delete(recorded);
      Files.writeString(home.file(PATH_FILE), file.toString());
    }
    show(request, new ShownDisk(windows, file, home.data()), file, shown);
  }

  private boolean isAttached(Path file) throws Win32Exception {
    return Files.exists(file) && windows.disks().attached(file).isPresent();
  }

  private static void delete(Optional<Path> file) throws IOException {
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }

  private void show(MountRequest request, ShownDisk disk, Path file, boolean shown)
      throws Win32Exception, IOException {
    try {
      if (!shown) {
        requireKnown(grants(request.options()));
        windows.disks().create(file, blank(request.options()));
        disk.format(VolumeFormat.NTFS, request.volume().name().text(), grants(request.options()));
      }
      disk.show(Access.READ_WRITE);
    } catch (Win32Exception e) {
      if (!shown) {
        deleteAfter(e, file);
      }
      throw e;
    }
  }

  private static void deleteAfter(Win32Exception cause, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    takeAway("unmount", volume, home, ShownDisk::hide);
  }

  @Override
  public void closeAndUnmount(Volume volume, VolumeHome home) {
    takeAway("unmount", volume, home, ShownDisk::hideByForce);
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    takeAway("remove", volume, home, ShownDisk::hide);
  }

  private interface Hiding {
    void run(ShownDisk disk) throws Win32Exception;
  }

  private void takeAway(String operation, Volume volume, VolumeHome home, Hiding hiding) {
    new WindowsOperation(operation, volume.name())
        .run(
            () -> {
              Optional<Path> file = recorded(home);
              if (file.isPresent()) {
                hiding.run(new ShownDisk(windows, file.get(), home.data()));
                delete(file);
              }
              Files.deleteIfExists(home.file(PATH_FILE));
            });
  }

  /**
   * The recorded path. The record is written before the disk is created, so an empty record means
   * that there is no disk.
   */
  private static Optional<Path> recorded(VolumeHome home) throws IOException {
    Path record = home.file(PATH_FILE);
    return Files.exists(record)
        ? Optional.of(Files.readString(record)).filter(text -> !text.isEmpty()).map(Path::of)
        : Optional.empty();
  }

  private Path newFile(VolumeName name) {
    String directory = environment.getOrDefault("TEMP", environment.getOrDefault("TMP", ""));
    if (directory.isEmpty()) {
      throw new DriverFailed("mount", name.text(), "the environment variable TEMP is not set");
    }
    return Path.of(directory).toAbsolutePath().resolve("keg-" + UUID.randomUUID() + ".vhdx");
  }
}
