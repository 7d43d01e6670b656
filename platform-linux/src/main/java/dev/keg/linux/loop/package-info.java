/**
 * Volumes that are a file system in a file, mounted through a loop device; encrypted by LUKS2 where
 * that was asked for. Depends on the driver SPI, {@code linux} and {@code linux.kernel}. The image
 * lies in the volume's home; loop device and mapping exist only while the volume is mounted, and go
 * with their last user.
 */
@NullMarked
package dev.keg.linux.loop;

import org.jspecify.annotations.NullMarked;
