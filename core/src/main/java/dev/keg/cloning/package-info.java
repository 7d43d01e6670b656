/**
 * Creates a volume as a copy of another. Depends on {@code attachment}, {@code driver}, {@code
 * lifecycle} and {@code registry}. The copy is complete or absent, and the source does not change
 * meanwhile.
 */
@NullMarked
package dev.keg.cloning;

import org.jspecify.annotations.NullMarked;
