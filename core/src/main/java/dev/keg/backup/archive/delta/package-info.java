/**
 * What has changed inside a large file since the archive before. It is found by reading the frames
 * that the file had there, so that the index needs no hashes of blocks, and nothing is referred to
 * that was not just seen to be whole.
 */
@NullMarked
package dev.keg.backup.archive.delta;

import org.jspecify.annotations.NullMarked;
