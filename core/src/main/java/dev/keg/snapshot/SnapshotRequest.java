package dev.keg.snapshot;

import dev.keg.backup.retention.Age;
import dev.keg.volume.SnapshotName;
import java.util.Optional;

/**
 * What snapshot is to be made.
 *
 * @param volume the name or id of the volume
 * @param name the time where it is empty
 * @param expires after what time it may be removed by itself
 * @param scheduled whether a policy asks for it
 */
public record SnapshotRequest(
    String volume, Optional<SnapshotName> name, Optional<Age> expires, boolean scheduled) {}
