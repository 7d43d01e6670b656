/**
 * Disk images as files: raw, VHD and VHDX are written, these and qcow2 and ISO are recognised and
 * read, on any operating system and through {@code java.nio} alone. Depends on {@code file}, {@code
 * tree} and {@code volume}; it does not know drivers. What is written is complete and on the disk
 * when a method returns; what is read is checked before it is believed, since an image may come
 * from anywhere.
 */
@NullMarked
package dev.keg.disk;

import org.jspecify.annotations.NullMarked;
