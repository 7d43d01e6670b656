/**
 * The content of a disk as a machine reads it: its bytes, whatever the format of the image, and the
 * file system at its start. Depends on {@code disk}. Reads only; an unreadable disk has no known
 * content.
 */
@NullMarked
package dev.keg.disk.content;

import org.jspecify.annotations.NullMarked;
