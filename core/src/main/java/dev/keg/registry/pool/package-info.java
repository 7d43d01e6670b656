/**
 * Pools: directories on other disks with volumes of a root. Finds the pool of each volume, and
 * refuses a directory that is not the one that was added, so that an unmounted disk never looks
 * like an empty one. Depends only on the basic packages; {@code registry} is built on it.
 */
@NullMarked
package dev.keg.registry.pool;

import org.jspecify.annotations.NullMarked;
