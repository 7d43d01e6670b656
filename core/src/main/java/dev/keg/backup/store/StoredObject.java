package dev.keg.backup.store;

import dev.keg.volume.Size;
import java.time.Instant;

/**
 * An object as a listing shows it.
 *
 * @param stored when it appeared, by the clock of the store, which need not be ours
 */
public record StoredObject(ObjectName name, Size size, Instant stored) {}
