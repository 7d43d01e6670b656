/**
 * The native seam for trees of files: system calls that are made once or more for every file, with
 * memory that is reused between them. Depends on {@code kernel}.
 */
@NullMarked
package dev.keg.linux.kernel.file;

import org.jspecify.annotations.NullMarked;
