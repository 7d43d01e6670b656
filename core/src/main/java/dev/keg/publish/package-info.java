/**
 * Mounts content at a requested place: the seam to the operating system's mounts. Depends on {@code
 * mountspec}.
 */
@NullMarked
package dev.keg.publish;

import org.jspecify.annotations.NullMarked;
