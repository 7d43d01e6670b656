package dev.keg.render;

import dev.keg.driver.VolumeDriver;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.MountSpec;
import dev.keg.render.document.MountService;
import dev.keg.render.document.Part;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volumeset.MountContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds the data of volumes on this host. */
final class VolumeTrees {
  /** The file systems that systemd treats as remote, and those that are accessed through FUSE. */
  private static final Set<String> NETWORK =
      Set.of(
          "9p",
          "afs",
          "ceph",
          "ceph-fuse",
          "cifs",
          "curlftpfs",
          "davfs",
          "gcsfuse",
          "gfs2",
          "glusterfs",
          "juicefs",
          "lustre",
          "nfs",
          "nfs4",
          "ocfs2",
          "rclone",
          "s3fs",
          "smb3",
          "smbfs",
          "sshfs");

  private final MountContext context;

  VolumeTrees(MountContext context) {
    this.context = context;
  }

  /**
   * The requested part of the volume. Refuses the directory below a missing mount: a consumer would
   * start with an empty directory, or write files that the next mount hides.
   *
   * @param atBoot whether a service can make it visible before it is used
   */
  Part.Tree of(MountSpec.Named spec, Volume volume, boolean atBoot) {
    VolumeDriver driver = context.services().driver("render", volume);
    VolumeHome home = context.registry().layout().home(volume.name());
    Path data = driver.mountpoint(volume, home);
    MountService service = null;
    if (!driver.alwaysVisible(volume)) {
      service = atBoot ? service(volume) : null;
      if (service == null || !spec.subpath().isEmpty()) {
        requireMounted(volume, data);
      }
    }
    Path source = spec.subpath().isEmpty() ? data : inside(volume, data, spec.subpath());
    return new Part.Tree(
        source.toString(), Files.isDirectory(source), spec.target(), spec.access(), service);
  }

  private MountService service(Volume volume) {
    VolumeDriver driver = context.services().driver("render", volume);
    VolumeHome home = context.registry().layout().home(volume.name());
    String root = context.registry().layout().root().toAbsolutePath().toString();
    if (!root.startsWith("/")) {
      throw new NotSupported(
          "render",
          volume.name().text(),
          "the root must be a Unix path, because Keg mounts the volume at boot");
    }
    boolean network = isOfNetwork(driver.storage(volume, home).type());
    return new MountService(
        volume.name().text(), root, sources(volume, home, network), network, first(volume, driver));
  }

  /** The device or directory that the volume shows, and the pool that contains it. */
  private List<String> sources(Volume volume, VolumeHome home, boolean network) {
    List<String> sources = new ArrayList<>();
    Path root = context.registry().layout().root();
    if (!home.path().startsWith(root)) {
      sources.add(home.path().toAbsolutePath().toString());
    }
    // Only the local driver and plugins have such an option, with the same meaning.
    volume
        .options()
        .text("device")
        .filter(text -> !network && text.startsWith("/"))
        .ifPresent(sources::add);
    return sources;
  }

  private List<MountService> first(Volume volume, VolumeDriver driver) {
    return driver.builtOn(volume).stream()
        .map(name -> context.registry().get("render", name))
        .filter(lower -> !context.services().driver("render", lower).alwaysVisible(lower))
        .map(this::service)
        .toList();
  }

  /**
   * @param fileSystem mount(8)'s type, such as {@code fuse.sshfs}
   */
  static boolean isOfNetwork(String fileSystem) {
    return NETWORK.contains(fileSystem.replaceFirst("^fuse3?[.]", ""));
  }

  private void requireMounted(Volume volume, Path data) {
    String name = volume.name().text();
    if (!isMounted(data)) {
      throw new MountFailed(
          "render",
          name,
          "its data is not visible on this host",
          "`keg mount %s` makes it visible".formatted(name));
    }
  }

  // Without a mount table, this cannot be checked.
  private boolean isMounted(Path data) {
    if (context.attachments().system().hostId().isEmpty()) {
      return true;
    }
    Path real = real(data);
    return context.attachments().system().mounts().stream()
        .anyMatch(mount -> mount.target().equals(real));
  }

  // The mount table contains no symbolic links, but the path of the root may.
  private static Path real(Path path) {
    return FileFailures.translate(
        "render", path, () -> Files.exists(path) ? path.toRealPath() : path);
  }

  private static Path inside(Volume volume, Path data, String subpath) {
    String name = volume.name().text();
    try {
      Path real = data.resolve(subpath).toRealPath();
      if (!real.startsWith(data.toRealPath())) {
        throw new InvalidSpec("subpath '%s' of volume %s leads out of it".formatted(subpath, name));
      }
      return real;
    } catch (NoSuchFileException e) {
      throw new InvalidSpec("volume %s does not contain '%s'".formatted(name, subpath));
    } catch (IOException e) {
      throw new MountFailed("render", name, FileFailures.reason(e), null, e);
    }
  }
}
