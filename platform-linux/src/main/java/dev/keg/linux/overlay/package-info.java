/**
 * Volumes that begin as another one and keep only what differs. Depends on the driver SPI, {@code
 * linux}, {@code linux.kernel} and, for what belongs to a directory, {@code tree}. The lower volume
 * is never written to, and stays as long as one that is built on it.
 */
@NullMarked
package dev.keg.linux.overlay;

import org.jspecify.annotations.NullMarked;
