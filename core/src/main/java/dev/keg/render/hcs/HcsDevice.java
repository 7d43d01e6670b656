package dev.keg.render.hcs;

import dev.keg.machine.Placements;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A device of the Host Compute Service. */
sealed interface HcsDevice {
  /**
   * A disk at a SCSI controller.
   *
   * @param type {@code VirtualDisk} or {@code Iso}
   * @param place where an agent mounts it; absent if no agent can
   */
  record Scsi(Address address, String type, String path, boolean readOnly, @Nullable String place)
      implements HcsDevice {
    Optional<String> target() {
      return Optional.ofNullable(place);
    }
  }

  /** The place of a disk. */
  record Address(int controller, int lun) {
    // The controllers of machines made by hcsshim; a machine's document and every request name
    // them.
    private static final List<String> CONTROLLERS =
        List.of(
            "df6d0690-79e5-55b6-a5ec-c1e2f77f580a",
            "0110f83b-de10-5172-a266-78bca56bf50a",
            "b5d2d8d4-3a75-51bf-945b-3444dc6b8579",
            "305891a9-b251-5dfe-91a2-c25d9212275b");

    private static final int LUNS = Placements.SLOTS / CONTROLLERS.size();

    static Address of(int number) {
      return new Address(number / LUNS, number % LUNS);
    }

    String guid() {
      return CONTROLLERS.get(controller);
    }
  }

  /**
   * A directory for Linux, shared by Plan 9.
   *
   * @param only the only file of it to share; absent for all
   */
  record Plan9(String name, String path, @Nullable String only, boolean readOnly, String target)
      implements HcsDevice {
    static final int PORT = 564;

    private static final int READ_ONLY = 0x1;
    private static final int LINUX_METADATA = 0x4;
    private static final int RESTRICT_FILE_ACCESS = 0x80;

    int flags() {
      return LINUX_METADATA
          | (readOnly ? READ_ONLY : 0)
          | (only == null ? 0 : RESTRICT_FILE_ACCESS);
    }
  }

  /**
   * A directory for Windows, shared by SMB over the machine's bus.
   *
   * @param only the only file of it to share, with its directory; absent for all
   */
  record Smb(String name, String path, @Nullable String only, boolean readOnly, String target)
      implements HcsDevice {
    static final String ROOT = "\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}\\";

    /** Its path in the machine. */
    String guestPath() {
      String file = only == null ? "" : "\\" + WindowsText.name(only);
      return ROOT + name + file;
    }
  }

  /** A directory of a container: of the host, or of the container's machine. */
  record Directory(String hostPath, String target, boolean readOnly) implements HcsDevice {}

  /** A pipe that a machine may open. */
  record MachinePipe(String path) implements HcsDevice {}

  /** A pipe of a container: of the host, or of the container's machine. */
  record ContainerPipe(String hostPath, String target) implements HcsDevice {
    private static final String PREFIX = "\\\\.\\pipe\\";

    /** Only by its name. */
    static String name(String path) {
      return path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
    }
  }
}
