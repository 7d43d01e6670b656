/**
 * The activity of the disks below volumes, for {@code keg stats}. Depends on {@code activity} of
 * core and the Win32 seam.
 */
@NullMarked
package dev.keg.windows.device;

import org.jspecify.annotations.NullMarked;
