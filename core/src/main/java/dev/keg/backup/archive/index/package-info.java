/**
 * The index of an archive, byte by byte: pages of entries, the root that knows the pages, and the
 * footer that finds the root. Depends on {@code archive.frame} and {@code tree}. What is decoded is
 * checked before it is believed.
 */
@NullMarked
package dev.keg.backup.archive.index;

import org.jspecify.annotations.NullMarked;
