/**
 * Finds what changed inside a large file since the previous archive, by reading the frames that the
 * file had there, so that the index needs no block hashes. If writes to the file were recorded,
 * frames outside them are referred to unread, like those of unchanged files. Content that equals
 * any part of earlier archives is found by its hash.
 */
@NullMarked
package dev.keg.backup.archive.delta;

import org.jspecify.annotations.NullMarked;
