package dev.keg.snapshot;

import dev.keg.backup.retention.Age;
import dev.keg.volume.SnapshotName;
import java.util.Optional;

/**
 * Which snapshot to make.
 *
 * @param volume the name or id of the volume
 * @param name the time where it is empty
 * @param expires after what time {@code keg maintain} may remove it
 * @param scheduled whether a policy asks for it
 */
public record SnapshotRequest(
    String volume, Optional<SnapshotName> name, Optional<Age> expires, boolean scheduled) {}
