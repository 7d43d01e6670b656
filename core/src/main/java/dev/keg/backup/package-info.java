/**
 * The use cases of backup: saving volumes to files, streams and repositories, listing, verifying
 * and forgetting what is there, restoring it. Depends on its own parts below, and on {@code
 * volumeset} to make data visible, {@code lifecycle} to make missing volumes, {@code registry},
 * {@code attachment} and {@code driver}. A backup exists in all of its data or not at all; a volume
 * has the old data or the new.
 */
@NullMarked
package dev.keg.backup;

import org.jspecify.annotations.NullMarked;
