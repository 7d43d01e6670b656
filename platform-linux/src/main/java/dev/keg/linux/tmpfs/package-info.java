/**
 * Volumes in memory. Depends on the driver SPI, {@code linux} and {@code linux.kernel}. What is in
 * such a volume is gone when its last holder unmounts it.
 */
@NullMarked
package dev.keg.linux.tmpfs;

import org.jspecify.annotations.NullMarked;
