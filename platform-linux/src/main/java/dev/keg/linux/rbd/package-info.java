/**
 * Volumes that are images of a Ceph cluster, each with a file system of its own. Depends on the
 * driver SPI, {@code linux.driver}, {@code linux.filesystem}, {@code linux.mount} and {@code
 * linux.program}. An image is named after its volume's id, so that every host finds it.
 */
@NullMarked
package dev.keg.linux.rbd;

import org.jspecify.annotations.NullMarked;
