/**
 * Puts content at a place where somebody wants it, whatever that place looks like: the seam behind
 * which an operating system mounts. Depends on {@code mountspec}.
 */
@NullMarked
package dev.keg.publish;

import org.jspecify.annotations.NullMarked;
