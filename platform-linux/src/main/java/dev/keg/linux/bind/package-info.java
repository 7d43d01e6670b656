/**
 * Volumes that are directories of the host. Depends on the driver SPI, {@code linux} and {@code
 * linux.kernel}. The source is never removed and nothing in it is changed by Keg.
 */
@NullMarked
package dev.keg.linux.bind;

import org.jspecify.annotations.NullMarked;
