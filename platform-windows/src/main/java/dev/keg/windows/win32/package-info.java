/**
 * The native seam: Windows' calls in our words, and the only package of this module that knows JNA.
 * The mappings ({@link dev.keg.windows.win32.VirtDisk} and its like) hold functions, structures and
 * constants with the names of the Windows SDK; the classes above them speak of disks, volumes and
 * shares; failures are {@link dev.keg.windows.win32.Win32Exception}s, which drivers translate.
 *
 * <p>The mappings extend {@code Library}, never {@code StdCallLibrary}, and use no {@code WString},
 * {@code char[]} or {@code NativeLong}: so they are laid out on Linux as they are on Windows, and
 * are tried there.
 */
@NullMarked
package dev.keg.windows.win32;

import org.jspecify.annotations.NullMarked;
