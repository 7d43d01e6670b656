/**
 * Saves volumes: makes the data visible, runs the operator's commands, freezes the file system on
 * request, reads it, and writes an archive to a destination. Depends on {@code archive}, on {@code
 * volumeset}, {@code lifecycle}, {@code registry} and {@code driver} to reach the volume, and on
 * {@code machine} and {@code disk} for disks of running machines. A destination shows an archive
 * only once it is complete.
 *
 * <p>A single transaction of a running machine starts the copies of its disks and, for each, a
 * dirty bitmap named after the new backup. If the bitmap of the previous backup exists and is
 * consistent, only the writes that it marks are copied, and the rest of the image refers to that
 * backup. A bitmap is removed once the next backup exists, so a failed backup loses nothing.
 */
@NullMarked
package dev.keg.backup.save;

import org.jspecify.annotations.NullMarked;
