/**
 * What several drivers of Windows share. Depends on {@code driver}, {@code disk} and the Win32
 * seam; the drivers depend on it and not on each other.
 */
@NullMarked
package dev.keg.windows.driver;

import org.jspecify.annotations.NullMarked;
