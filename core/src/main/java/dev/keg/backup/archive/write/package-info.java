/**
 * Writes archives: walks a tree, and packs it as tar into frames and an index, as gzip or as plain
 * tar. Depends on {@code archive}, {@code tar} and {@code tree}.
 */
@NullMarked
package dev.keg.backup.archive.write;

import org.jspecify.annotations.NullMarked;
