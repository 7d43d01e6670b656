package dev.keg.windows.smb;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.Discovers;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.ReleasingDriver;
import dev.keg.windows.driver.WindowsOperation;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.SmbCredentials;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.file.AdministratorsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A volume that is an SMB share or a directory of one. The share is mapped while the volume is
 * mounted; the data is used at the share's own path.
 */
public final class SmbDriver implements ReleasingDriver, Discovers {
  private final Windows windows;
  private final Map<String, String> environment;

  private SmbDriver(Windows windows, Map<String, String> environment) {
    this.windows = windows;
    this.environment = environment;
  }

  /** The driver's factory; the supplier loads the libraries that the driver uses. */
  public static DriverFactory factory(Supplier<Dlls> dlls) {
    return new DriverFactory(
        "smb",
        "a share of a file server",
        SmbOptions.KNOWN,
        context -> new SmbDriver(new Windows(dlls.get()), context.environment()));
  }

  @Override
  public void validate(DriverOptions options) {
    SmbOptions wanted = SmbOptions.of(options);
    if (wanted.credentials().filter(file -> !Files.isReadable(file)).isPresent()) {
      throw options.invalid("credentials", "a file that can be read");
    }
  }

  @Override
  public void create(CreateRequest request) {
    WindowsOperation.createDataDirectory(request);
  }

  @Override
  public Path mount(MountRequest request) {
    VolumeName name = request.volume().name();
    new WindowsOperation("mount", name).run(() -> mount(name, request));
    return mountpoint(request.volume(), request.home());
  }

  private void mount(VolumeName name, MountRequest request) throws Win32Exception, IOException {
    SmbOptions options = SmbOptions.of(request.options());
    try (ShareHolders holders =
        ShareHolders.open(madeLists("mount", name), options.share(), request.home())) {
      boolean held = holders.held();
      holders.add();
      try {
        if (!windows.shares().mapped(options.share())) {
          map(name, options, request.secrets());
        }
      } catch (Win32Exception | IOException | VolumeException e) {
        if (!held) {
          removeAfter(e, holders);
        }
        throw e;
      }
    }
  }

  private void map(VolumeName name, SmbOptions options, Secrets secrets)
      throws Win32Exception, IOException {
    Optional<SmbCredentials> credentials = credentials(name, options, secrets);
    try {
      windows.shares().map(options.share(), credentials, options.privacy());
    } finally {
      credentials.ifPresent(SmbCredentials::close);
    }
  }

  private static Optional<SmbCredentials> credentials(
      VolumeName name, SmbOptions options, Secrets secrets) throws IOException {
    if (options.credentials().isPresent()) {
      return Optional.of(CredentialsFile.read(options.credentials().get(), options.username()));
    }
    if (options.username().isEmpty()) {
      return Optional.empty();
    }
    String user = options.username().get();
    char[] password =
        secrets
            .ask("Password of %s for %s: ".formatted(user, options.share()))
            .orElseThrow(
                () ->
                    new DriverFailed(
                        "mount",
                        name.text(),
                        "no password for " + user,
                        "pass a file that contains it: -o credentials=FILE",
                        null));
    int backslash = user.indexOf('\\');
    return Optional.of(
        new SmbCredentials(
            user.substring(backslash + 1),
            backslash < 0 ? Optional.empty() : Optional.of(user.substring(0, backslash)),
            password));
  }

  private static void removeAfter(Exception cause, ShareHolders holders) {
    try {
      holders.remove();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** No file is closed on a share that other volumes use. */
  @Override
  public void release(String operation, Volume volume, VolumeHome home, boolean force) {
    SmbOptions options = SmbOptions.of(volume);
    if (ShareHolders.has(lists(operation, volume.name()), options.share(), home)) {
      new WindowsOperation(operation, volume.name())
          .run(() -> release(madeLists(operation, volume.name()), options.share(), home, force));
    }
  }

  private void release(Path lists, String share, VolumeHome home, boolean force)
      throws Win32Exception, IOException {
    try (ShareHolders holders = ShareHolders.open(lists, share, home)) {
      if (!holders.others() && windows.shares().mapped(share)) {
        unmap(share, force);
      }
      holders.remove();
    }
  }

  private void unmap(String share, boolean force) throws Win32Exception {
    if (force) {
      windows.shares().unmapByForce(share);
    } else {
      windows.shares().unmap(share);
    }
  }

  @Override
  public List<Offer> discover(String host) {
    String server = host.replace('/', '\\').replaceFirst("^\\\\+", "");
    try {
      return windows.shares().offered(server).stream()
          .map(
              share ->
                  new Offer(
                      share.name(),
                      "share=\\\\%s\\%s".formatted(server, share.name()),
                      share.remark()))
          .sorted(Comparator.comparing(Offer::name))
          .toList();
    } catch (Win32Exception e) {
      throw new DriverFailed("discover", host, e.what(), "a host is a name or an address", e);
    }
  }

  /** The directory with the lists of each share's volumes, for all roots of this machine. */
  private Path lists(String operation, VolumeName name) {
    String directory = environment.getOrDefault("ProgramData", "");
    if (directory.isEmpty()) {
      throw new DriverFailed(
          operation, name.text(), "the environment variable ProgramData is not set");
    }
    return Path.of(directory, "keg-shares");
  }

  private Path madeLists(String operation, VolumeName name) throws Win32Exception {
    Path lists = lists(operation, name);
    new AdministratorsDirectory(windows.dlls()).make(lists);
    return lists;
  }

  @Override
  public Path mountpoint(Volume volume, VolumeHome home) {
    return home.path().getFileSystem().getPath(SmbOptions.of(volume).path());
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return Storage.fileSystem("smb", mountpoint(volume, home));
  }

  @Override
  public SortedMap<String, String> status(Volume volume, VolumeHome home) {
    return new TreeMap<>(Map.of("share", SmbOptions.of(volume).path()));
  }
}
