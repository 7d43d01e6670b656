/**
 * Volumes that start with the content of another volume and store only the differences. Depends on
 * the driver SPI, {@code linux.driver}, {@code linux.kernel}, {@code linux.mount} and, for the
 * attributes of directories, {@code linux.tree}. The lower volume is never written, and cannot be
 * removed while others are built on it.
 */
@NullMarked
package dev.keg.linux.overlay;

import org.jspecify.annotations.NullMarked;
