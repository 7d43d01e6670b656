/**
 * The libraries, the programs and the WMI of the Windows that Keg runs on. Nothing of it is loaded
 * before it is called, so that Keg starts without them. Tests put their own {@link
 * dev.keg.windows.win32.Dlls} in the place of these.
 */
@NullMarked
package dev.keg.windows.win32.system;

import org.jspecify.annotations.NullMarked;
