/**
 * Volumes that are directories of an NFS server. Depends on the driver SPI, {@code linux} and
 * {@code linux.kernel}. A server that does not answer is an error after a time, unless it is asked
 * to be waited for.
 */
@NullMarked
package dev.keg.linux.nfs;

import org.jspecify.annotations.NullMarked;
