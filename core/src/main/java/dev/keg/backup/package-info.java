/**
 * Backups of volumes; each package below does one part of the work. A backup exists completely or
 * not at all; a volume has the old data or the new.
 */
@NullMarked
package dev.keg.backup;

import org.jspecify.annotations.NullMarked;
