/**
 * Volumes that are volumes of a Gluster cluster, or directories in one. Depends on the driver SPI,
 * {@code linux.driver} and {@code linux.mount}. The helper program starts the client, which learns
 * of the other servers from the first.
 */
@NullMarked
package dev.keg.linux.gluster;

import org.jspecify.annotations.NullMarked;
