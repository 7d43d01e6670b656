/**
 * Moves volumes to another host, through a process there that communicates over its standard input
 * and output. {@link dev.keg.registry.journal.MoveJournal} determines which host has the volume at
 * each moment: never both, unless the operator requests a copy.
 */
@NullMarked
package dev.keg.moving;

import org.jspecify.annotations.NullMarked;
