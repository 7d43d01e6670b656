/**
 * The {@code bind} driver of Windows: an existing directory, used where it is. May use core and
 * {@code windows.driver}, but no other driver.
 */
@NullMarked
package dev.keg.windows.bind;

import org.jspecify.annotations.NullMarked;
