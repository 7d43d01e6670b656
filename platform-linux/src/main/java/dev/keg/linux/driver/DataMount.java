package dev.keg.linux.driver;

import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.Place;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Optional;

/** What a driver mounts on a volume's data directory. */
public record DataMount(Kernel kernel) {
  /** What is mounted there. Looks at the mount table only, so no server is waited for. */
  public Optional<Mount> find(DriverOperation operation, VolumeHome home) {
    return operation.get("cannot tell what is mounted", () -> kernel.mounts().on(home.data()));
  }

  public boolean stands(DriverOperation operation, VolumeHome home) {
    return find(operation, home).isPresent();
  }

  public void mount(DriverOperation operation, VolumeHome home, FileSystemMount mount) {
    operation.run(
        "cannot mount " + mount.source() + " (" + mount.type() + ")",
        () -> kernel.mounts().mount(mount, Place.at(home.data())));
  }

  /** Waits for a server that does not answer, but not for ever. */
  public void requireAnswer(DriverOperation operation, VolumeHome home) {
    operation.run(
        "cannot look at " + home.data(), () -> kernel.mounts().requireAnswer(home.data()));
  }

  /** Takes it down; nothing there is no error. */
  public void takeDown(DriverOperation operation, VolumeHome home) {
    operation.run(
        "cannot unmount " + home.data(), () -> kernel.mounts().unmount(home.data(), false));
  }

  /** Takes it down with all that is mounted below it, the last first. */
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
