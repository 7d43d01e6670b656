/**
 * What a volume is: its name, labels, options, sizes and home. Depends on {@code error} alone. An
 * invalid value cannot exist, not even when read from disk.
 */
@NullMarked
package dev.keg.volume;

import org.jspecify.annotations.NullMarked;
