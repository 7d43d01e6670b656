/**
 * The {@code image} driver: a volume is a disk image for a machine, made without root; on the host
 * it is mounted through a loop device if it is stored in one piece, otherwise through nbd. May use
 * core (mostly {@code disk}), {@code linux.filesystem} and {@code linux.kernel}, but no other
 * driver. A disk that others are built on is never written.
 */
@NullMarked
package dev.keg.linux.image;

import org.jspecify.annotations.NullMarked;
