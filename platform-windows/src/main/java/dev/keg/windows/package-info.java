/**
 * The Windows side of Keg: the Win32 seam ({@code win32}), one folder for each driver that needs
 * it, and here what several of them do. May use core and the seam. Nothing of it runs elsewhere
 * than on Windows, but everything of it can be tried elsewhere, on a Windows that is faked at its
 * libraries.
 */
@NullMarked
package dev.keg.windows;

import org.jspecify.annotations.NullMarked;
