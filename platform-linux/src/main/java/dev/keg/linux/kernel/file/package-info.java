/**
 * The native seam for trees of files: system calls that are made for every file, with reused
 * memory. Depends on {@code kernel}.
 */
@NullMarked
package dev.keg.linux.kernel.file;

import org.jspecify.annotations.NullMarked;
