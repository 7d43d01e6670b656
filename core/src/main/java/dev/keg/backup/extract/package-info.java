/**
 * Makes a tree of an archive. {@link dev.keg.backup.extract.Extraction} fills an empty directory
 * from an archive of Keg's with an index, in parallel, or from any stream of entries; {@link
 * dev.keg.backup.extract.ForeignArchive} recognises what others write. Depends on {@code archive},
 * {@code tar} and {@code tree}. Nothing outside the directory is touched, whatever an archive
 * contains.
 */
@NullMarked
package dev.keg.backup.extract;

import org.jspecify.annotations.NullMarked;
