/**
 * The native seam: the kernel's calls in our words, and the only package of this module that knows
 * JNA. The mapping holds structures and constants with C names; the seam above it speaks of mounts
 * and files; failures are {@link dev.keg.linux.kernel.ErrnoException}s, which drivers translate.
 */
@NullMarked
package dev.keg.linux.kernel;

import org.jspecify.annotations.NullMarked;
