/**
 * Saves volumes: makes the data visible, runs the operator's commands, freezes the file system on
 * request, reads it, and writes an archive to a destination. Depends on {@code archive}, and on
 * {@code volumeset}, {@code lifecycle}, {@code registry} and {@code driver} to reach the volume. A
 * destination shows nothing of an archive before it is complete.
 */
@NullMarked
package dev.keg.backup.save;

import org.jspecify.annotations.NullMarked;
