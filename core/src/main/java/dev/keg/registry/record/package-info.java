/**
 * Small versioned records that several hosts read and write: the storage of a shared registry.
 * Depends on nothing; stores implement {@link dev.keg.registry.record.RecordStore}.
 */
@NullMarked
package dev.keg.registry.record;

import org.jspecify.annotations.NullMarked;
