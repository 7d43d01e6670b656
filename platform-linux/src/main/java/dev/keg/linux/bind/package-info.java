/**
 * Volumes that are directories of the host. Depends on the driver SPI, {@code linux} and {@code
 * linux.kernel}. Keg never removes the source nor changes anything in it.
 */
@NullMarked
package dev.keg.linux.bind;

import org.jspecify.annotations.NullMarked;
