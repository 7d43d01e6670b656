/**
 * Volumes that start with the content of another volume and store only the differences. Depends on
 * the driver SPI, {@code linux}, {@code linux.kernel} and, for the attributes of directories,
 * {@code tree}. The lower volume is never written, and cannot be removed while others are built on
 * it.
 */
@NullMarked
package dev.keg.linux.overlay;

import org.jspecify.annotations.NullMarked;
