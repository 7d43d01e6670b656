/**
 * Reads volumes ahead into memory: {@link dev.keg.warming.Warming}. Nothing outside a volume is
 * opened, and nothing but regular files. Depends on {@code volumeset}.
 */
@NullMarked
package dev.keg.warming;

import org.jspecify.annotations.NullMarked;
