/**
 * Saves volumes: makes the data visible, runs the operator's commands, freezes the file system on
 * request, reads it, and writes an archive to a destination. Depends on {@code archive}, on {@code
 * volumeset}, {@code lifecycle}, {@code registry} and {@code driver} to reach the volume, and on
 * {@code machine} and {@code disk} for disks of running machines. A destination shows nothing of an
 * archive before it is complete.
 *
 * <p>One transaction of a running machine begins the copies of its disks and, for each, a dirty
 * bitmap called after the backup to come. Where the bitmap of the backup before is there and whole,
 * only what it marks is copied, and the rest of the image is referred to in that backup. A bitmap
 * is removed when the next backup exists, so one that fails has lost nothing.
 */
@NullMarked
package dev.keg.backup.save;

import org.jspecify.annotations.NullMarked;
