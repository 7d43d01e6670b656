/**
 * All errors, as one sealed catalogue. Depends on nothing. A message says what failed, on which
 * volume and why; a hint says what to do about it.
 */
@NullMarked
package dev.keg.error;

import org.jspecify.annotations.NullMarked;
