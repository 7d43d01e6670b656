/**
 * The {@code bind} driver of Windows: a directory that is there already, used where it is. May use
 * core and what the drivers here share; no other driver.
 */
@NullMarked
package dev.keg.windows.bind;

import org.jspecify.annotations.NullMarked;
