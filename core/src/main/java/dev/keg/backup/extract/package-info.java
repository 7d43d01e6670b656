/**
 * Creates a tree from an archive. {@link dev.keg.backup.extract.Extraction} fills an empty
 * directory from an indexed archive of Keg, in parallel, or from any stream of entries; {@link
 * dev.keg.backup.extract.ForeignArchive} detects other formats. Depends on {@code archive}, {@code
 * tar} and {@code tree}. Nothing outside the directory is touched, whatever an archive contains.
 */
@NullMarked
package dev.keg.backup.extract;

import org.jspecify.annotations.NullMarked;
