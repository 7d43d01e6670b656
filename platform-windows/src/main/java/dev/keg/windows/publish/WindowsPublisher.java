package dev.keg.windows.publish;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import dev.keg.windows.win32.MountPoints;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.file.AdministratorsDirectory;
import dev.keg.windows.win32.file.PinnedDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mounts on empty directories and drive letters, by {@link HostPlaces}, and in running containers,
 * by mappings of the Host Compute Service.
 */
public final class WindowsPublisher implements Publisher {
  private final Windows windows;
  private final HostPlaces places;
  private final ContainerMappings mappings;

  /**
   * @param links the directory for the links that Windows creates for read-only mounts
   * @param refused see {@link ContainerMappings}; shared by all publishers of the process
   */
  public WindowsPublisher(Windows windows, Path links, Set<ContainerSite> refused) {
    this.windows = windows;
    this.places = new HostPlaces(windows, links);
    this.mappings = new ContainerMappings(windows.systems(), refused);
  }

  @Override
  public ResolvedTarget resolve(Target target) {
    String text = target.path();
    if (target.root().isPresent()) {
      throw new MountFailed(
          "mount",
          text,
          "on Windows, a container has no root directory that others reach",
          "leave out --rootfs to mount in a running container; `keg render hcs` prints the document"
              + " for a new one");
    }
    if (target.container().isPresent()) {
      return ask("mount", Path.of(text), () -> mappings.resolve(target.container().get(), text));
    }
    if (MountPoints.isLetter(text)) {
      return new ResolvedTarget(Path.of(text.substring(0, 2) + "\\"), List.of());
    }
    return FileFailures.translate("mount", Path.of(text), () -> resolve(Path.of(text)));
  }

  // The place itself may be a mount point, which must not be followed.
  private static ResolvedTarget resolve(Path path) throws IOException {
    List<Path> names = new ArrayList<>();
    Path there = path.toAbsolutePath().normalize();
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      names.addFirst(there.getFileName());
      there = there.getParent();
    }
    @Nullable Path parent = there.getParent();
    Path real =
        parent == null
            ? there
            : parent.toRealPath().resolve(Objects.requireNonNull(there.getFileName()));
    List<Path> missing = new ArrayList<>();
    Path site = real;
    for (Path name : names) {
      site = site.resolve(name);
      missing.add(site);
    }
    return new ResolvedTarget(site, missing);
  }

  @Override
  public void make(ResolvedTarget site, MountContent content) {
    for (Path directory : site.missing()) {
      FileFailures.run(
          "mount",
          directory,
          () -> {
            try {
              Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
              if (!Files.isDirectory(directory)) {
                throw e;
              }
            }
          });
    }
  }

  @Override
  public void unmake(List<Path> made) {
    for (Path directory : made.reversed()) {
      FileFailures.run(
          "unmount",
          directory,
          () -> {
            if (Files.isDirectory(directory) && DirectoryEntries.of(directory).isEmpty()) {
              Files.deleteIfExists(directory);
            }
          });
    }
  }

  @Override
  public void publish(MountContent content, ResolvedTarget site, Access access) {
    switch (content) {
      case MountContent.Tree tree -> {
        Path source = source(tree, site);
        Optional<ContainerSite> place = ContainerSite.of(site.path().toString());
        translate(
            "mount",
            site.path(),
            () -> {
              if (place.isPresent()) {
                map(tree, source, place.get(), access.readOnly());
              } else {
                places.mount(tree, source, site.path(), access);
              }
            });
      }
      case MountContent.Unattached(var root) ->
          throw new IllegalArgumentException(root + ": no driver here mounts snapshots");
      case MountContent.Memory _ ->
          throw new MountFailed(
              "mount",
              site.path().toString(),
              "Windows has no file system in memory",
              "a volume of driver temp loses its data when it is unmounted");
    }
  }

  private static Path source(MountContent.Tree tree, ResolvedTarget site) {
    Path root = tree.root();
    boolean share = root.toString().startsWith("\\\\");
    if (share && site.hidden() && tree.subpath().isEmpty()) {
      return root;
    }
    if (share && !site.hidden()) {
      throw new MountFailed(
          "mount",
          site.path().toString(),
          "Windows cannot mount a share on a directory or letter: " + root,
          "use the share's own path, which `keg mount VOLUME` prints");
    }
    return FileFailures.translate(
        "mount",
        root,
        () -> {
          Path whole = root.toRealPath();
          Path part = tree.subpath().isEmpty() ? root : root.resolve(tree.subpath()).toRealPath();
          boolean inside = tree.subpath().isEmpty() || part.startsWith(whole);
          if (!inside || !Files.isDirectory(part)) {
            throw new MountFailed(
                "mount",
                site.path().toString(),
                inside ? "not a directory: " + part : "it leads out of the volume: " + part,
                "Windows mounts only directories");
          }
          return part;
        });
  }

  /**
   * The service takes a path and opens it once, so others with write access must not be able to
   * redirect it.
   */
  private void map(MountContent.Tree tree, Path source, ContainerSite site, boolean readOnly)
      throws Win32Exception {
    if (tree.subpath().isEmpty()) {
      mappings.map(host(source), site, readOnly);
      return;
    }
    try (PinnedDirectory part = PinnedDirectory.of(windows.dlls(), source)) {
      HostPlaces.requireWithin(tree, part, site.path());
      mappings.map(part.path().toString(), site, readOnly);
    }
  }

  /** The service does not follow mount points, so a whole disk is mapped by its own name. */
  private String host(Path source) throws Win32Exception {
    Optional<VolumeGuidPath> volume =
        source.toString().startsWith("\\\\")
            ? Optional.empty()
            : windows.mountPoints().mounted(source);
    return volume.map(VolumeGuidPath::path).orElse(source.toString());
  }

  @Override
  public void withdraw(Path site, boolean lazy) {
    translate(
        "unmount",
        site,
        () -> {
          Optional<ContainerSite> place = ContainerSite.of(site.toString());
          if (place.isPresent()) {
            mappings.unmap(place.get());
          } else {
            places.withdraw(site);
          }
        });
  }

  /** Volumes are not filled from the target on Windows. */
  @Override
  public Optional<Original> original(ResolvedTarget site) {
    return Optional.empty();
  }

  @Override
  public Optional<OpenPart> part(MountContent.Tree tree, ResolvedTarget site) {
    return Optional.empty();
  }

  @Override
  public void copyAttributes(Path from, Path to) {
    FileFailures.run("copy attributes", to, () -> acl(to).setAcl(acl(from).getAcl()));
  }

  private static AclFileAttributeView acl(Path path) throws IOException {
    @Nullable AclFileAttributeView view =
        Files.getFileAttributeView(path, AclFileAttributeView.class);
    if (view == null) {
      throw new IOException(path + ": its file system has no access control lists");
    }
    return view;
  }

  private interface Call {
    void run() throws Win32Exception;
  }

  private interface Question<T> {
    T ask() throws Win32Exception;
  }

  private static void translate(String operation, Path site, Call call) {
    boolean _ =
        ask(
            operation,
            site,
            () -> {
              call.run();
              return true;
            });
  }

  private static <T> T ask(String operation, Path site, Question<T> question) {
    try {
      return question.ask();
    } catch (Win32Exception e) {
      throw new MountFailed(operation, site.toString(), e.what(), hint(e), e);
    }
  }

  private static @Nullable String hint(Win32Exception e) {
    return switch (Win32Error.plain(e.code())) {
      case Win32Error.ACCESS_DENIED,
          Win32Error.PRIVILEGE_NOT_HELD,
          Win32Error.INVALID_OWNER,
          Win32Error.HCS_ACCESS_DENIED ->
          "run keg as administrator";
      case Win32Error.INVALID_SECURITY_DESCR -> AdministratorsDirectory.REMEDY;
      case Win32Error.DIR_NOT_EMPTY -> "choose an empty directory";
      case Win32Error.FILE_EXISTS -> "choose another target: the container has something there";
      case Win32Error.HCS_INVALID_STATE, Win32Error.HCS_INVALID_JSON ->
          "only a container that runs with process isolation takes directories; for another one,"
              + " `keg render hcs` prints the document";
      case Win32Error.SHARING_VIOLATION -> "close the programs that have the directory open";
      case Win32Error.NOT_A_REPARSE_POINT -> "`keg mount` lists what is mounted";
      case Win32Error.INVALID_PARAMETER, Win32Error.INVALID_FUNCTION, Win32Error.DIRECTORY ->
          "the directory must be on a local disk with NTFS or ReFS, and a letter must be free";
      default -> null;
    };
  }
}
