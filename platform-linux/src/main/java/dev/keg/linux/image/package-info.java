/**
 * The {@code image} driver: a volume is a disk image for a machine, made without root; on the host
 * it is mounted through a loop device where it lies in the file in one piece, else through nbd. May
 * use core (its {@code disk} package above all), {@code linux.filesystem} and {@code linux.kernel};
 * no other driver. A disk that others are built on is never written to.
 */
@NullMarked
package dev.keg.linux.image;

import org.jspecify.annotations.NullMarked;
