/**
 * Running machines of the Host Compute Service. Depends on core's {@code machine} and {@code
 * render} and on {@code windows.win32}. A machine is granted access to a disk's files before the
 * disk is attached, and loses it after the disk is detached.
 */
@NullMarked
package dev.keg.windows.hcs;

import org.jspecify.annotations.NullMarked;
