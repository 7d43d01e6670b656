/**
 * File trees through the system calls of Linux: every attribute that the kernel stores is read and
 * restored, and no path is resolved twice. Implements {@code dev.keg.tree} on the kernel seam.
 */
@NullMarked
package dev.keg.linux.tree;

import org.jspecify.annotations.NullMarked;
