/**
 * Volumes that are directories of the host. Depends on the driver SPI, {@code linux.driver}, {@code
 * linux.kernel} and {@code linux.mount}. Keg never removes or changes the source.
 */
@NullMarked
package dev.keg.linux.bind;

import org.jspecify.annotations.NullMarked;
