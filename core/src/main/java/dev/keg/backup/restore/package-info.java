/**
 * Restoring: a tree is made whole in a stage that nobody sees, then changes places with the live
 * one. {@link dev.keg.backup.restore.Extraction} fills the stage from an archive of Keg's with an
 * index, in parallel, or from any stream of entries; {@link dev.keg.backup.restore.ForeignArchive}
 * recognises what others write; {@link dev.keg.backup.restore.Replacement} is the change of places,
 * that of a killed process included. Whatever is wrong with an archive, nothing outside the stage
 * has been touched when it is found. Depends on {@code archive}, {@code tar}, {@code tree}, {@code
 * registry} and {@code error}.
 */
@NullMarked
package dev.keg.backup.restore;

import org.jspecify.annotations.NullMarked;
