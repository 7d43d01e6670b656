/**
 * What several drivers of Linux share. Depends on {@code driver} and the kernel seam; the drivers
 * depend on it and not on each other.
 */
@NullMarked
package dev.keg.linux.driver;

import org.jspecify.annotations.NullMarked;
