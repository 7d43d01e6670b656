/**
 * The libraries, the programs and the WMI of the running Windows. Nothing is loaded before it is
 * called, so that Keg starts without them. Tests substitute their own {@link
 * dev.keg.windows.win32.Dlls}.
 */
@NullMarked
package dev.keg.windows.win32.system;

import org.jspecify.annotations.NullMarked;
