/**
 * Computes how a qcow2 image changes with its disk: the clusters that a machine wrote, and the
 * image that QEMU would write with them.
 */
@NullMarked
package dev.keg.disk.update;

import org.jspecify.annotations.NullMarked;
