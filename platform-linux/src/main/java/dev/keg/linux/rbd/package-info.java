/**
 * Volumes that are images of a Ceph cluster, each with its own file system. Depends on the driver
 * SPI, {@code linux.driver}, {@code linux.filesystem}, {@code linux.mount} and {@code
 * linux.program}. An image is named after its volume's id, so every host finds it.
 */
@NullMarked
package dev.keg.linux.rbd;

import org.jspecify.annotations.NullMarked;
