package dev.keg.linux.mount;

import dev.keg.attachment.MountIdentity;
import dev.keg.attachment.MountTable;
import dev.keg.file.FileFailures;
import dev.keg.linux.kernel.NativeMountNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of this machine, read from /proc for core. Native calls serve only to tell mounts
 * apart.
 */
public final class LinuxMountTable implements MountTable {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path MACHINE_ID = Path.of("/etc/machine-id");
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final @Nullable ProcMounts fixed;
  private @Nullable OtherNamespaces others;
  private @Nullable MountFinder finder;

  public LinuxMountTable() {
    this(null);
  }

  private LinuxMountTable(@Nullable ProcMounts fixed) {
    this.fixed = fixed;
  }

  @Override
  public MountTable now() {
    return new LinuxMountTable(table());
  }

  @Override
  public List<MountPoint> mounts() {
    return table().mounts().stream().flatMap(LinuxMountTable::point).toList();
  }

  private ProcMounts table() {
    return fixed != null
        ? fixed
        : FileFailures.translate("read the mount table", ProcMounts.FILE, ProcMounts::read);
  }

  @Override
  public Optional<Long> processWith(Path target) {
    return others().processWith(target);
  }

  private OtherNamespaces others() {
    if (others == null) {
      others =
          FileFailures.translate(
              "examine other mount namespaces", ProcMounts.FILE, OtherNamespaces::read);
    }
    return others;
  }

  // Most commands only ask what is mounted, and need no native calls.
  private MountFinder finder() {
    if (finder == null) {
      finder = new MountFinder(new NativeMountNumbers());
    }
    return finder;
  }

  @Override
  public void refresh() {
    others = null;
  }

  @Override
  public Optional<MountIdentity> identity(Path site) {
    return finder().identity(table(), site);
  }

  @Override
  public Optional<Path> find(MountIdentity mount, Path site) {
    return finder().find(table(), mount, site);
  }

  @Override
  public List<OutsideMount> mountsOutside(Path directory, Reach reach) {
    return new OutsideMounts(directory, table(), new BlockDevices())
        .find(reach == Reach.EVERYWHERE ? others().tables() : Map.of());
  }

  // If the locale cannot represent the target's name, no path of Keg's can equal it.
  private static Stream<MountPoint> point(Mount mount) {
    List<String> options =
        Stream.concat(mount.options().stream(), mount.superOptions().stream()).distinct().toList();
    try {
      Path target = Path.of(mount.target());
      return Stream.of(new MountPoint(target, mount.type(), mount.source(), options));
    } catch (InvalidPathException _) {
      return Stream.empty();
    }
  }

  @Override
  public boolean hasEnded(String engine) {
    return new DockerDaemon().hasEnded(engine);
  }

  @Override
  public String bootId() {
    return FileFailures.translate("read the boot id", BOOT_ID, () -> line(BOOT_ID));
  }

  // Containers often lack machine-id(5), but have a host name of their own.
  @Override
  public String hostId() {
    return FileFailures.translate(
        "read the machine id",
        MACHINE_ID,
        () -> {
          try {
            String id = line(MACHINE_ID);
            return id.isEmpty() ? line(HOST_NAME) : id;
          } catch (NoSuchFileException _) {
            return line(HOST_NAME);
          }
        });
  }

  @Override
  public String hostName() {
    return FileFailures.translate("read the host's name", HOST_NAME, () -> line(HOST_NAME));
  }

  private static String line(Path file) throws IOException {
    return Files.readString(file).strip();
  }
}
