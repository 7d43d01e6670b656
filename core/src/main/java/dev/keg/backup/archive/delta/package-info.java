/**
 * What has changed inside a large file since the archive before. It is found by reading the frames
 * that the file had there, so that the index needs no hashes of blocks. Where somebody has recorded
 * what is written to the file, frames beside that are referred to unread, as those of files that
 * have not changed are. Content that is equal to what lies anywhere in earlier archives is found by
 * its hash.
 */
@NullMarked
package dev.keg.backup.archive.delta;

import org.jspecify.annotations.NullMarked;
