package dev.keg.windows.temp;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskKind;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.DiskLimits;
import dev.keg.windows.driver.GrantOptions;
import dev.keg.windows.driver.OptionString;
import dev.keg.windows.driver.ReleasingDriver;
import dev.keg.windows.driver.ShownDisk;
import dev.keg.windows.driver.ShownDisk.VolumeWork;
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
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A volume without lasting data. While it is mounted, its home records the path of its disk, since
 * {@code %TEMP%} may differ for the user or session that unmounts it.
 */
public final class TempDriver implements ReleasingDriver {
  private static final OptionDescriptor ENCRYPTED =
      new OptionDescriptor(
          "encrypted", "true|false", "encrypt it (BitLocker) with a key that nobody knows");

  private static final List<OptionDescriptor> KNOWN =
      Stream.concat(
              Stream.of(
                  new OptionDescriptor("size", "SIZE", "the size of the disk (default 10g)"),
                  ENCRYPTED),
              GrantOptions.KNOWN.stream())
          .toList();

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private static final int PHRASE_LENGTH = 43;

  private static final String PATH_FILE = "temp.path";

  private final Windows windows;
  private final Map<String, String> environment;

  private TempDriver(Windows windows, Map<String, String> environment) {
    this.windows = windows;
    this.environment = environment;
  }

  /** The driver's factory; the supplier loads the libraries that the driver uses. */
  public static DriverFactory factory(Supplier<Dlls> dlls) {
    return new DriverFactory(
        "temp",
        "a disk below %TEMP%, created at mount and deleted at unmount",
        KNOWN,
        context -> new TempDriver(new Windows(dlls.get(), context.debug()), context.environment()));
  }

  @Override
  public void validate(DriverOptions options) {
    BlankDisk _ = blank(options);
    Grants _ = grants(options);
    boolean _ = isEncrypted(options);
  }

  private static boolean isEncrypted(DriverOptions options) {
    return OptionString.spread(options, KNOWN).flag("encrypted");
  }

  private static Grants grants(DriverOptions options) {
    return GrantOptions.of(OptionString.spread(options, KNOWN), VolumeFormat.NTFS);
  }

  private static BlankDisk blank(DriverOptions options) {
    return DiskLimits.blank(
        OptionString.spread(options, KNOWN), DiskKind.DYNAMIC, VolumeFormat.NTFS);
  }

  @Override
  public void create(CreateRequest request) {
    WindowsOperation.createDataDirectory(request);
    new WindowsOperation("create", request.volume().name())
        .run(() -> requireKnown(grants(request.options())));
  }

  /** Detects a misspelt account before anything is created. */
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
    if (recorded.isPresent() && isUsable(recorded.get(), home)) {
      new ShownDisk(windows, recorded.get(), home.data()).show(Access.READ_WRITE, VolumeWork.NONE);
      return;
    }
    // A recorded disk is left over from an earlier boot or a killed mount.
    discard(recorded, home);
    Grants grants = grants(request.options());
    requireKnown(grants);
    Path file = newFile(request.volume().name());
    Files.writeString(home.file(PATH_FILE), file.toString());
    try {
      windows.disks().create(file, blank(request.options()));
      format(request, new ShownDisk(windows, file, home.data()), grants);
    } catch (Win32Exception | IOException e) {
      deleteAfter(e, file);
      throw e;
    }
  }

  private void format(MountRequest request, ShownDisk disk, Grants grants)
      throws Win32Exception, IOException {
    String name = request.volume().name().text();
    if (!isEncrypted(request.options())) {
      disk.format(VolumeFormat.NTFS, name, grants, VolumeWork.NONE);
      disk.show(Access.READ_WRITE, VolumeWork.NONE);
      return;
    }
    char[] phrase = randomPhrase();
    try {
      disk.format(
          VolumeFormat.NTFS,
          name,
          grants,
          volume -> windows.bitLocker().encrypt(volume, phrase).close());
      disk.show(Access.READ_WRITE, volume -> windows.bitLocker().unlock(volume, phrase));
    } finally {
      Arrays.fill(phrase, '\0');
    }
  }

  /** A key that nobody needs to know, since the data is lost before the next mount. */
  private static char[] randomPhrase() {
    SecureRandom random = new SecureRandom();
    char[] phrase = new char[PHRASE_LENGTH];
    for (int i = 0; i < phrase.length; i++) {
      phrase[i] = LETTERS.charAt(random.nextInt(LETTERS.length()));
    }
    return phrase;
  }

  /** Whether the disk is attached; a locked one was left by a killed mount. */
  private boolean isUsable(Path file, VolumeHome home) throws Win32Exception {
    return isAttached(file) && !new ShownDisk(windows, file, home.data()).isLocked();
  }

  private boolean isAttached(Path file) throws Win32Exception {
    return Files.exists(file) && windows.disks().attached(file).isPresent();
  }

  private void discard(Optional<Path> file, VolumeHome home) throws Win32Exception, IOException {
    if (file.isPresent() && isAttached(file.get())) {
      new ShownDisk(windows, file.get(), home.data()).hide();
    }
    delete(file);
  }

  private static void delete(Optional<Path> file) throws IOException {
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }

  private static void deleteAfter(Exception cause, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void release(String operation, Volume volume, VolumeHome home, boolean force) {
    new WindowsOperation(operation, volume.name())
        .run(
            () -> {
              Optional<Path> file = recorded(home);
              if (file.isPresent()) {
                new ShownDisk(windows, file.get(), home.data()).hide(force);
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
