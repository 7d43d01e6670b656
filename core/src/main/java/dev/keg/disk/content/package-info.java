/**
 * What a machine finds on a disk: its bytes, whatever the format of the image, and the file system
 * that begins it. Depends on {@code disk}. Reads only; a disk that cannot be understood has no
 * known content.
 */
@NullMarked
package dev.keg.disk.content;

import org.jspecify.annotations.NullMarked;
