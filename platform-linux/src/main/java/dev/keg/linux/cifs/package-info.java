/**
 * Volumes that are shares of an SMB server such as Samba or Windows. Depends on the driver SPI,
 * {@code linux.driver} and {@code linux.mount}. Keg never sees the password: mount.cifs reads it
 * from the credentials file.
 */
@NullMarked
package dev.keg.linux.cifs;

import org.jspecify.annotations.NullMarked;
