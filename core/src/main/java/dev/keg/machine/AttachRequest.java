package dev.keg.machine;

import java.util.Optional;

/**
 * A volume that a machine is to have.
 *
 * @param drive what it is called there; the next free name if nobody says
 */
public record AttachRequest(
    String volume, MachineId machine, Optional<DriveId> drive, boolean readOnly) {}
