/**
 * The native seam: disks, volumes, shares and machines on top of the bindings in {@code win32.dll},
 * which {@code win32.system} loads; {@code win32.file} handles single files. Only these packages of
 * the module use JNA. Failures are {@link dev.keg.windows.win32.Win32Exception}s, which drivers
 * translate.
 */
@NullMarked
package dev.keg.windows.win32;

import org.jspecify.annotations.NullMarked;
