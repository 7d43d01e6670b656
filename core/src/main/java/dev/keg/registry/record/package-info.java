/**
 * Small records with versions, which several hosts read and write: what a shared registry is kept
 * in. Depends on nothing; stores implement {@link dev.keg.registry.record.RecordStore}.
 */
@NullMarked
package dev.keg.registry.record;

import org.jspecify.annotations.NullMarked;
