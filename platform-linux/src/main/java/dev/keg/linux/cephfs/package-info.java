/**
 * Volumes that are directories of a Ceph file system. Depends on the driver SPI, {@code
 * linux.driver}, {@code linux.mount} and {@code linux.program}. Without monitors among the options,
 * the helper program reads them from Ceph's own configuration.
 */
@NullMarked
package dev.keg.linux.cephfs;

import org.jspecify.annotations.NullMarked;
