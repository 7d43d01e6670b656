/**
 * Snapshots of volumes: {@link dev.keg.snapshot.Snapshotting} takes and removes them, {@link
 * dev.keg.snapshot.SnapshotRestoring} goes back to one. Depends on {@code attachment}, {@code
 * backup}, {@code cloning}, {@code driver}, {@code lifecycle}, {@code registry} and {@code
 * volumeset}. A snapshot is complete or absent, and taking one changes nothing in the volume.
 */
@NullMarked
package dev.keg.snapshot;

import org.jspecify.annotations.NullMarked;
