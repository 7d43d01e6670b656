/**
 * Volumes that are a file system in a file, mounted through a loop device and optionally encrypted
 * by LUKS2. Depends on the driver SPI, {@code linux.driver} and the packages below that. The image
 * is in the volume's home; loop device and mapping exist only while the volume is mounted.
 */
@NullMarked
package dev.keg.linux.loop;

import org.jspecify.annotations.NullMarked;
