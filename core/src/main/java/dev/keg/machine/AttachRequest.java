package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.error.InvalidInput.InvalidMachine;
import java.util.List;
import java.util.Optional;

/**
 * A request to attach a volume to a machine.
 *
 * @param drive its name in the machine; by default the next free one
 */
public record AttachRequest(
    String volume, MachineId machine, Optional<DriveId> drive, boolean readOnly) {
  private static final String READ_ONLY = "ro";

  /** Parses {@code MACHINE[:DRIVE[:ro]]}. */
  public static AttachRequest parse(String volume, String text) {
    List<String> parts = List.of(text.split(":", -1));
    boolean readOnly = parts.size() == 3 && parts.get(2).equals(READ_ONLY);
    boolean onlyMode = parts.size() == 2 && parts.get(1).equals(READ_ONLY);
    if (parts.size() > (readOnly ? 3 : 2) || onlyMode) {
      throw new InvalidMachine(
          "invalid attachment: '" + text + "': write MACHINE, MACHINE:DRIVE or MACHINE:DRIVE:ro");
    }
    MachineId machine = new MachineId(parts.getFirst());
    Optional<DriveId> drive = parts.stream().skip(1).findFirst().map(DriveId::new);
    return new AttachRequest(volume, machine, drive, readOnly);
  }

  /** Whether the existing attachment satisfies this request. */
  boolean isMetBy(Attachment.Disk disk) {
    return disk.readOnly() == readOnly
        && drive.map(DriveId::text).orElse(disk.drive()).equals(disk.drive());
  }
}
