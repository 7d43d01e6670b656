/**
 * Machines of Windows' Host Compute Service that run. Depends on core's {@code machine} and {@code
 * render} and on {@code windows.win32}. A machine is let at a disk's file before it is asked to
 * take the disk, and shut out again when it has given it back.
 */
@NullMarked
package dev.keg.windows.hcs;

import org.jspecify.annotations.NullMarked;
