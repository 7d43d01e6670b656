/**
 * Code that several drivers share: the {@link dev.keg.linux.driver.Kernel} with its loop devices
 * and quotas, mounts of a data directory, and file servers. The drivers do not depend on each
 * other.
 */
@NullMarked
package dev.keg.linux.driver;

import org.jspecify.annotations.NullMarked;
