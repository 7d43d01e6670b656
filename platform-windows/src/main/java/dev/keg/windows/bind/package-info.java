/**
 * The {@code bind} driver of Windows: an existing directory, used in place. May use core and {@code
 * windows.driver}, but no other driver.
 */
@NullMarked
package dev.keg.windows.bind;

import org.jspecify.annotations.NullMarked;
