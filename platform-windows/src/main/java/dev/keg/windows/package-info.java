/**
 * Keg on Windows: {@link dev.keg.windows.WindowsPlatform} lists its parts, which are the Win32 seam
 * ({@code win32}) and one package per driver. It runs only on Windows, but all of it is tested on
 * any system against a fake of the Windows libraries.
 */
@NullMarked
package dev.keg.windows;

import org.jspecify.annotations.NullMarked;
