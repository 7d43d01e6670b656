/**
 * Colours for a person at a terminal: {@link dev.keg.cli.colour.Colours} alone knows when there are
 * any, and {@link dev.keg.cli.colour.Tone} how they are written. Uses nothing of the commands.
 */
@NullMarked
package dev.keg.cli.colour;

import org.jspecify.annotations.NullMarked;
