package dev.keg.snapshot;

import dev.keg.backup.retention.Age;
import dev.keg.volume.SnapshotName;
import java.util.Optional;

/**
 * A request for a snapshot.
 *
 * @param volume the name or id of the volume
 * @param name empty to use the time
 * @param expires the age at which {@code keg maintain} may remove it
 * @param scheduled whether a policy requests it
 */
public record SnapshotRequest(
    String volume, Optional<SnapshotName> name, Optional<Age> expires, boolean scheduled) {}
