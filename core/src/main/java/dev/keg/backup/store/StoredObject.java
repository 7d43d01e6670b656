package dev.keg.backup.store;

import dev.keg.volume.Size;
import java.time.Instant;

/**
 * An object in a listing.
 *
 * @param stored when it appeared, by the store's clock, which may differ from this host's
 */
public record StoredObject(ObjectName name, Size size, Instant stored) {}
