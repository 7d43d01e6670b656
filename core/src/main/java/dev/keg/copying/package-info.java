/**
 * Copies files into volumes, out of them and between them, by docker's rules. Depends on {@code
 * backup} for tar streams, {@code lifecycle}, {@code registry} and {@code volumeset}. No path leads
 * out of a volume, and nothing appears under its name before the whole copy is on disk; the next
 * copy removes the remains of a killed one.
 */
@NullMarked
package dev.keg.copying;

import org.jspecify.annotations.NullMarked;
