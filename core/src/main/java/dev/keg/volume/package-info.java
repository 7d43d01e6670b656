/**
 * The description of a volume: its name, labels, options, sizes and home. Depends only on {@code
 * error}. An invalid value cannot exist, not even when read from disk.
 */
@NullMarked
package dev.keg.volume;

import org.jspecify.annotations.NullMarked;
