/** The Linux side of Keg: the kernel seam, and one folder for each driver that needs it. */
@NullMarked
package dev.keg.linux;

import org.jspecify.annotations.NullMarked;
