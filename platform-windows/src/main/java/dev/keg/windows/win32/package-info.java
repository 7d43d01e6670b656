/**
 * The native seam, and the only package of this module that uses JNA. The mappings ({@link
 * dev.keg.windows.win32.VirtDisk} and others) declare functions, structures and constants with the
 * names of the Windows SDK. The classes above them deal in disks, volumes and shares. Failures are
 * {@link dev.keg.windows.win32.Win32Exception}s, which drivers translate.
 *
 * <p>The mappings extend {@code Library}, never {@code StdCallLibrary}, and use no {@code WString},
 * {@code char[]} or {@code NativeLong}: this gives them the same layout on Linux, where they are
 * tested.
 */
@NullMarked
package dev.keg.windows.win32;

import org.jspecify.annotations.NullMarked;
