/**
 * The Windows side of Keg: {@link dev.keg.windows.WindowsPlatform} names its parts, which are the
 * Win32 seam ({@code win32}) and one folder for each driver. Nothing of it runs elsewhere than on
 * Windows, but everything of it can be tried elsewhere, on a Windows that is faked at its
 * libraries.
 */
@NullMarked
package dev.keg.windows;

import org.jspecify.annotations.NullMarked;
