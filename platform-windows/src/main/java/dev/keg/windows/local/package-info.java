/**
 * Access control lists for volumes that are directories on Windows. Depends on core's {@code
 * driver.local} and on {@code windows.driver}. A volume without the options is like any other
 * directory of its root.
 */
@NullMarked
package dev.keg.windows.local;

import org.jspecify.annotations.NullMarked;
