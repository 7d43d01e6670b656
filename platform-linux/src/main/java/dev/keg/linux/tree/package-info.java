/**
 * Trees of files by the system calls of Linux: what the kernel knows of a file is read and made
 * again, and no path is resolved twice. Implements {@code dev.keg.tree} on the kernel seam.
 */
@NullMarked
package dev.keg.linux.tree;

import org.jspecify.annotations.NullMarked;
