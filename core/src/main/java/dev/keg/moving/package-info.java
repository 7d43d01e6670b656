/**
 * Moves volumes to another host, through one process there that speaks on its standard input and
 * output. Depends on {@code backup}, {@code driver}, {@code lifecycle}, {@code registry} and {@code
 * volumeset}. {@link dev.keg.registry.journal.MoveJournal} says who has the volume at each moment:
 * never both hosts, unless the operator asks for a copy.
 */
@NullMarked
package dev.keg.moving;

import org.jspecify.annotations.NullMarked;
