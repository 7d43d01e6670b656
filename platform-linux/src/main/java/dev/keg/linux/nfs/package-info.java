/**
 * Volumes that are directories of an NFS server. Depends on the driver SPI, {@code linux} and
 * {@code linux.kernel}. A silent server is an error after a timeout, unless the timeout is turned
 * off.
 */
@NullMarked
package dev.keg.linux.nfs;

import org.jspecify.annotations.NullMarked;
