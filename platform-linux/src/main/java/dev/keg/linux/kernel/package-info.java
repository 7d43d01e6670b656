/**
 * The native seam: system calls with types of our own. Only this package and {@code kernel.file}
 * use JNA. {@code Libc} and {@code Uapi} hold functions and constants with their C names; the
 * interfaces above them take our types and fail with {@link dev.keg.linux.kernel.ErrnoException}.
 * Depends on nothing else of Keg.
 */
@NullMarked
package dev.keg.linux.kernel;

import org.jspecify.annotations.NullMarked;
