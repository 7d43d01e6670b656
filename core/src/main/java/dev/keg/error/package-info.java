/**
 * What can go wrong, as one sealed catalogue. Depends on nothing. A message says what failed, on
 * which volume, why; a hint says what to do.
 */
@NullMarked
package dev.keg.error;

import org.jspecify.annotations.NullMarked;
