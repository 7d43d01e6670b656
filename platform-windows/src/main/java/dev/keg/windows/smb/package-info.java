/**
 * The {@code smb} driver: a share of a server, mapped for all sessions and containers of the host.
 * May use core, the Win32 seam and {@code windows.driver}, but no other driver.
 */
@NullMarked
package dev.keg.windows.smb;

import org.jspecify.annotations.NullMarked;
