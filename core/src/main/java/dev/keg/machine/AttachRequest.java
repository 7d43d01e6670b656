package dev.keg.machine;

import java.util.Optional;

/**
 * A request to attach a volume to a machine.
 *
 * @param drive its name in the machine; by default the next free one
 */
public record AttachRequest(
    String volume, MachineId machine, Optional<DriveId> drive, boolean readOnly) {}
