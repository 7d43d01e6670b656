/**
 * Looks into backups without restoring them: lists, searches, compares and reads what they hold.
 * Depends on {@link dev.keg.backup.browse.BackupTree} for entries by path, which the archive's
 * index implements; reads only the parts of an index that it needs, and changes nothing.
 */
@NullMarked
package dev.keg.backup.browse;

import org.jspecify.annotations.NullMarked;
