package dev.keg.driver.local;

import dev.keg.driver.local.LocalMounts.Refused;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Mounts what a volume's options describe on its data directory, with docker's error messages. */
final class LocalMounter {
  // Docker mounts every type by mount(2). For types other than these, Keg runs mount(8) if there is
  // a helper program, since most of them require it.
  private static final Set<String> WITHOUT_HELPER = Set.of("", "none", "nfs", "cifs");

  private final LocalMounts system;

  LocalMounter(LocalMounts system) {
    this.system = system;
  }

  boolean isMounted(Volume volume, Path data) {
    try {
      return system.isMounted(data);
    } catch (Refused e) {
      throw failed("mount", volume, e.why(), e);
    }
  }

  void requireAnswer(Volume volume, Path data) {
    try {
      system.requireAnswer(data);
    } catch (Refused e) {
      throw failed("measure", volume, "cannot read " + data + ": " + e.why(), e);
    }
  }

  void mount(Volume volume, Path data) {
    try {
      LocalMount mount = LocalMount.of(volume.options());
      if (needsNoHelper(mount) || !system.hasHelper(mount.type())) {
        mountByCalls(mount.resolved(system::resolve), data);
      } else {
        mountByHelper(mount, data);
      }
    } catch (LocalMount.Unusable e) {
      throw new DriverFailed("mount", volume.name().text(), mounting(data) + e.getMessage());
    } catch (Refused e) {
      throw failed("mount", volume, mounting(data) + "failed to mount local volume: " + e.why(), e);
    }
  }

  // Helpers resolve the address themselves; a given address is meant for the kernel.
  private static boolean needsNoHelper(LocalMount mount) {
    return WITHOUT_HELPER.contains(mount.type())
        || MountOptions.value(mount.options(), "addr").isPresent();
  }

  private static String mounting(Path data) {
    return "error while mounting volume '" + data + "': ";
  }

  private void mountByCalls(LocalMount mount, Path data) throws Refused {
    List<MountCall> calls = mount.calls();
    for (int done = 0; done < calls.size(); done++) {
      try {
        call(calls.get(done), data);
      } catch (Refused e) {
        if (done > 0) {
          undo(data, e);
        }
        throw e;
      }
    }
  }

  /** Repeats the calls after the mount itself, which a killed command may have skipped. */
  void finish(Volume volume, Path data) {
    try {
      for (MountCall call : LocalMount.of(volume.options()).calls()) {
        if (call.kind() != MountCall.Kind.MOUNT) {
          call(call, data);
        }
      }
    } catch (LocalMount.Unusable e) {
      throw new DriverFailed("mount", volume.name().text(), mounting(data) + e.getMessage());
    } catch (Refused e) {
      throw failed("mount", volume, mounting(data) + "failed to mount local volume: " + e.why(), e);
    }
  }

  private void call(MountCall call, Path data) throws Refused {
    try {
      system.mount(call, data);
    } catch (Refused e) {
      throw new Refused(call.describe(data.toString()) + ": " + e.why(), e.hint().orElse(null), e);
    }
  }

  /** Unmounts again because of the failure. */
  void undo(Path data, Exception failure) {
    try {
      system.unmount(data);
    } catch (Refused e) {
      failure.addSuppressed(e);
    }
  }

  private void mountByHelper(LocalMount mount, Path data) throws Refused {
    if (Options.hasPassword(mount.options())) {
      throw new Refused(
          "the options contain a password, and every user can read the arguments of mount.%s"
              .formatted(mount.type()),
          "put it into a credentials file for mount.%s".formatted(mount.type()),
          null);
    }
    system.mountByHelper(mount.type(), mount.device(), mount.options(), data);
  }

  void unmount(Volume volume, Path data) {
    try {
      system.unmount(data);
    } catch (Refused e) {
      throw failed("unmount", volume, "umount " + data + ", flags: 0x2: " + e.why(), e);
    }
  }

  private static DriverFailed failed(String operation, Volume volume, String why, Refused cause) {
    DriverFailed failure =
        new DriverFailed(operation, volume.name().text(), why, cause.hint().orElse(null), cause);
    for (Throwable suppressed : cause.getSuppressed()) {
      failure.addSuppressed(suppressed);
    }
    return failure;
  }
}
