/**
 * Backups of volumes. {@code save} reads a volume and writes an archive; {@code replica} writes the
 * same backup to several repositories; {@code restore} restores or verifies a backup; {@code drill}
 * restores it beside the volume. Below them, {@code archive} is the format, {@code extract} creates
 * a tree from an archive, {@code repository} stores backups, {@code retention} decides which to
 * keep, {@code store} stores their objects, and {@code tar} is the codec. A backup exists
 * completely or not at all; a volume has the old data or the new.
 */
@NullMarked
package dev.keg.backup;

import org.jspecify.annotations.NullMarked;
