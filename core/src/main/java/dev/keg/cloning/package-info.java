/**
 * Makes a volume that begins as another one is. Depends on {@code attachment}, {@code backup} (its
 * trees), {@code driver}, {@code lifecycle} and {@code registry}. The copy is there whole or not at
 * all, and the source stays as it was and stands still meanwhile.
 */
@NullMarked
package dev.keg.cloning;

import org.jspecify.annotations.NullMarked;
