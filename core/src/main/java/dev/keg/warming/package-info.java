/**
 * Reads volumes ahead into memory: {@link dev.keg.warming.Warming}. Opens only regular files, and
 * nothing outside a volume.
 */
@NullMarked
package dev.keg.warming;

import org.jspecify.annotations.NullMarked;
