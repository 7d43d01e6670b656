/**
 * Colours for people at a terminal: only {@link dev.keg.cli.colour.Colours} knows when to use them,
 * and {@link dev.keg.cli.colour.Tone} their codes. Does not depend on the commands.
 */
@NullMarked
package dev.keg.cli.colour;

import org.jspecify.annotations.NullMarked;
