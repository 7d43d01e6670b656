/**
 * The {@code image} driver: a volume is a disk image for a machine, created without root. The host
 * mounts a raw disk through a loop device, others through nbd. Depends on core (mostly {@code
 * disk}), {@code linux.driver} and the packages below that, but on no other driver. A disk with
 * children is never written to.
 */
@NullMarked
package dev.keg.linux.image;

import org.jspecify.annotations.NullMarked;
