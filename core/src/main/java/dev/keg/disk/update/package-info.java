/**
 * Works out how a qcow2 image changes with its disk: which clusters a machine wrote, and what the
 * image is with them, as QEMU would write it.
 */
@NullMarked
package dev.keg.disk.update;

import org.jspecify.annotations.NullMarked;
