/**
 * Browses backups without restoring them: lists, searches, compares and reads their contents.
 * {@link dev.keg.backup.browse.BackupTree} provides entries by path and is implemented on the
 * archive's index. Reads only the necessary parts of an index, and changes nothing.
 */
@NullMarked
package dev.keg.backup.browse;

import org.jspecify.annotations.NullMarked;
