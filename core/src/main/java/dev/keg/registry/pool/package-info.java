/**
 * Pools: directories on other disks that have volumes of a root. Says in which one each volume
 * lies, and refuses one that is not what it was, so that a disk that is not mounted never passes
 * for an empty one. Depends on the ground packages alone; {@code registry} is built on it.
 */
@NullMarked
package dev.keg.registry.pool;

import org.jspecify.annotations.NullMarked;
