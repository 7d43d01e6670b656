/**
 * The file systems in images, and the programs that create and change them. Depends on {@code
 * linux.kernel} and {@code linux.program}; used by drivers whose volumes are images. Creating one
 * in a plain file requires no privilege.
 */
@NullMarked
package dev.keg.linux.filesystem;

import org.jspecify.annotations.NullMarked;
