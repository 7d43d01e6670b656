/**
 * The {@code temp} driver: a virtual disk below {@code %TEMP%} that is created at mount and deleted
 * at unmount. It is on disk because Windows has no file system in memory. May use core, the Win32
 * seam and {@code windows.driver}, but no other driver.
 */
@NullMarked
package dev.keg.windows.temp;

import org.jspecify.annotations.NullMarked;
