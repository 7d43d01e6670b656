/**
 * The file systems that are made in images, and the programs that make and change them. Depends on
 * {@code linux.kernel}; the drivers whose volumes are images use it. What is made in a plain file
 * needs no privilege.
 */
@NullMarked
package dev.keg.linux.filesystem;

import org.jspecify.annotations.NullMarked;
