/**
 * The index of an archive, byte by byte: pages of entries, the root that lists the pages, and the
 * footer that locates the root. Depends on {@code archive.frame} and {@code tree}. Decoded data is
 * validated before use.
 */
@NullMarked
package dev.keg.backup.archive.index;

import org.jspecify.annotations.NullMarked;
