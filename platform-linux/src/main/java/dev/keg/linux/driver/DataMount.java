package dev.keg.linux.driver;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.mount.Mount;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;

/** A driver's mount on a volume's data directory. */
public record DataMount(Kernel kernel) {
  /**
   * The mount on the data directory. Reads only the mount table, so it never waits for a server.
   */
  public Optional<Mount> find(DriverOperation operation, VolumeHome home) {
    return operation.get("cannot read the mount table", () -> kernel.mounts().on(home.data()));
  }

  public boolean isMounted(DriverOperation operation, VolumeHome home) {
    return find(operation, home).isPresent();
  }

  public void mount(DriverOperation operation, VolumeHome home, FileSystemMount mount) {
    operation.run(
        "cannot mount " + mount.source() + " (" + mount.type() + ")",
        () -> {
          try {
            kernel.mounts().mount(mount, FileLocation.at(home.data()));
          } catch (ErrnoException e) {
            throw explained(e, mount);
          }
        });
  }

  private static ErrnoException explained(ErrnoException failure, FileSystemMount mount) {
    return failure.errno() == Errno.EEXIST && mount.type().equals("btrfs")
        ? failure.because(
            "a copy of it is mounted, which has the same UUID",
            "unmount the volume, clone or snapshot that it is a copy of, or that was copied from it;"
                + " Linux 6.7 and newer can mount both")
        : failure;
  }

  /** Fails if the server of a directory does not answer in time. */
  public void requireAnswer(DriverOperation operation, Path directory) {
    operation.run("cannot read " + directory, () -> kernel.mounts().requireAnswer(directory));
  }

  /** Unmounts it; nothing mounted is not an error. */
  public void takeDown(DriverOperation operation, VolumeHome home) {
    operation.run(
        "cannot unmount " + home.data(), () -> kernel.mounts().unmount(home.data(), false));
  }

  /** Unmounts it with everything mounted below it, the last mount first. */
  public void takeDownTree(DriverOperation operation, VolumeHome home) {
    operation.run(
        "cannot unmount " + home.data(),
        () -> {
          Optional<Mount> top = kernel.mounts().on(home.data());
          if (top.isPresent()) {
            Path data = Path.of(top.get().target());
            for (Mount mount : kernel.mounts().table().below(data).reversed()) {
              kernel.mounts().unmount(Path.of(mount.target()), false);
            }
          }
        });
  }
}
