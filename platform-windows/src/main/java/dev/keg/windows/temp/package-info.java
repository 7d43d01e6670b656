/**
 * The {@code temp} driver: a virtual disk below {@code %TEMP%} that is made at mount and gone at
 * unmount. It is on disk, not in memory: Windows has no file system in memory to offer. May use
 * core, the Win32 seam and what the drivers here share; no other driver.
 */
@NullMarked
package dev.keg.windows.temp;

import org.jspecify.annotations.NullMarked;
