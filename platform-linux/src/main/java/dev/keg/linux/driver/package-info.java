/**
 * Code that several drivers share: the {@link dev.keg.linux.driver.Kernel} with its loop devices
 * and quotas, mounts of a data directory, and file servers. Depends on {@code driver}, {@code
 * kernel}, {@code mount} and {@code program}; the drivers depend on it and not on each other.
 */
@NullMarked
package dev.keg.linux.driver;

import org.jspecify.annotations.NullMarked;
