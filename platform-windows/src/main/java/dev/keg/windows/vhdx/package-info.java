/**
 * The {@code vhdx} driver: a volume is a virtual disk in its home, mounted on its data directory.
 * May use core, the Win32 seam and {@code windows.driver}, but no other driver.
 */
@NullMarked
package dev.keg.windows.vhdx;

import org.jspecify.annotations.NullMarked;
