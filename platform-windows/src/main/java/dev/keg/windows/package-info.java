/** The Windows side of Keg: the Win32 seam, and one folder for each driver that needs it. */
@NullMarked
package dev.keg.windows;

import org.jspecify.annotations.NullMarked;
