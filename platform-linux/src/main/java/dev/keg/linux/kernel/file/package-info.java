/**
 * The native seam for file trees: system calls made for every file, with reused memory. Depends on
 * {@code kernel}.
 */
@NullMarked
package dev.keg.linux.kernel.file;

import org.jspecify.annotations.NullMarked;
