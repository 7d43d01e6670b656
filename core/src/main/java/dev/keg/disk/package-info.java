/**
 * Disk images as files: raw, VHD and VHDX are written, these and qcow2 and ISO are recognised and
 * read, on any operating system and through {@code java.nio} alone. May use {@code volume}; knows
 * nothing of drivers. What is written is complete and on the disk when a method returns; what is
 * read is checked before it is believed, since an image comes from wherever a guest came from.
 */
@NullMarked
package dev.keg.disk;

import org.jspecify.annotations.NullMarked;
