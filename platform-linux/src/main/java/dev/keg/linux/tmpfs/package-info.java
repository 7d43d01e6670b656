/**
 * Volumes in memory. Depends on the driver SPI, {@code linux.driver}, {@code linux.kernel} and
 * {@code linux.mount}. The content is lost when the last holder unmounts the volume.
 */
@NullMarked
package dev.keg.linux.tmpfs;

import org.jspecify.annotations.NullMarked;
