package dev.keg.driver;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.OutsideRoot;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** The data directory of a volume: its data, or the directory on which a driver mounts the data. */
public record DataDirectory(VolumeName volume, VolumeHome home) {
  private static final int DEFAULT_MODE = 0755;

  /** Creates it with exactly this owner and mode, whatever the umask. */
  public void create(Ownership ownership) {
    create(ownership, false);
  }

  /**
   * The same for a directory that holds the data itself: a subvolume if the file system has them.
   */
  public void createForData(Ownership ownership) {
    create(ownership, true);
  }

  private void create(Ownership ownership, boolean subvolume) {
    Path data = home.data();
    try {
      if (!subvolume || !Subvolumes.ofSystem().make(data)) {
        Files.createDirectory(data);
      }
      Set<String> views = data.getFileSystem().supportedFileAttributeViews();
      if (views.contains("posix")) {
        own(data, ownership);
      } else if (!ownership.equals(Ownership.DEFAULT)) {
        throw new NotSupported(
            "create", volume.text(), "this file system does not support uid, gid and mode");
      }
    } catch (IOException e) {
      throw failed("create", "error while creating volume data path '" + data + "'", e);
    }
  }

  /** Sets the owner and mode of a directory. */
  public static void own(Path data, Ownership ownership) throws IOException {
    // Owner before mode: chown(2) clears the set-user-ID and set-group-ID bits.
    if (ownership.uid().isPresent()) {
      Files.setAttribute(data, "unix:uid", (int) ownership.uid().getAsLong());
    }
    if (ownership.gid().isPresent()) {
      Files.setAttribute(data, "unix:gid", (int) ownership.gid().getAsLong());
    }
    int mode = ownership.mode().orElse(DEFAULT_MODE);
    if (mode > 0777) {
      Files.setAttribute(data, "unix:mode", mode);
    } else {
      Files.setPosixFilePermissions(data, permissions(mode));
    }
  }

  // The enum lists the permissions in the order of their bits, from the owner's read permission
  // downwards.
  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        permissions.add(all[bit]);
      }
    }
    return permissions;
  }

  /**
   * Refuses data outside of the root: removing a volume must not reach it. Missing data is fine.
   */
  public void requireInsideForRemoval() {
    if (isDirectory(home.path()) && isDirectory(home.data())) {
      return; // No link leads anywhere, and there may be very many volumes to remove.
    }
    Path volumes = Objects.requireNonNull(home.path().getParent());
    try {
      Path root = volumes.toRealPath();
      Path real = home.data().toRealPath();
      if (real.equals(root) || !real.startsWith(root)) {
        throw new OutsideRoot("remove", volume.text(), volumes.toString(), real.toString());
      }
    } catch (NoSuchFileException _) {
      return; // Docker's rule: a volume whose data is gone already can be removed.
    } catch (IOException e) {
      throw failed("remove", "cannot determine where '" + home.data() + "' is", e);
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The directory, if it is one; a link in its place could lead anywhere. */
  public Path require(String operation) {
    Path data = home.data();
    if (Files.isSymbolicLink(data)) {
      throw new DriverFailed(
          operation, volume.text(), "'" + data + "' is a symbolic link, not the volume's own data");
    }
    if (!isDirectory(data)) {
      throw new DriverFailed(operation, volume.text(), "'" + data + "' is not a directory");
    }
    return data;
  }

  private DriverFailed failed(String operation, String what, IOException e) {
    return new DriverFailed(
        operation, volume.text(), what + ": " + FileFailures.reason(e), null, e);
  }
}
