/**
 * Volumes that are directories of an NFS server. Depends on the driver SPI, {@code linux.driver}
 * and {@code linux.mount}. If the server does not answer, operations fail after a timeout, unless
 * it is turned off.
 */
@NullMarked
package dev.keg.linux.nfs;

import org.jspecify.annotations.NullMarked;
