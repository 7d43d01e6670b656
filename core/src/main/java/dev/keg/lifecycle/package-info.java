/**
 * The use cases of {@code docker volume}: create, inspect, list, remove, prune, update, rename.
 * Depends on {@code driver}, {@code registry} and {@code attachment}. Every change holds the
 * volume's lock.
 */
@NullMarked
package dev.keg.lifecycle;

import org.jspecify.annotations.NullMarked;
