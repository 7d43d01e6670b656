/**
 * Snapshots of volumes: {@link dev.keg.snapshot.Snapshotting} makes and removes them, {@link
 * dev.keg.snapshot.SnapshotRestoring} goes back to one. Depends on {@code attachment}, {@code
 * backup}, {@code cloning}, {@code driver}, {@code lifecycle}, {@code registry} and {@code
 * volumeset}. A snapshot is whole or absent, and making one changes nothing in the volume.
 */
@NullMarked
package dev.keg.snapshot;

import org.jspecify.annotations.NullMarked;
