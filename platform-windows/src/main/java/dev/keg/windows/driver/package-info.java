/**
 * Code that several Windows drivers share. Depends on {@code driver}, {@code disk} and the Win32
 * seam. The drivers depend on it and not on each other.
 */
@NullMarked
package dev.keg.windows.driver;

import org.jspecify.annotations.NullMarked;
