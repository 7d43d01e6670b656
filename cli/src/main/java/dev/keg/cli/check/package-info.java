/**
 * The options and the output of {@code keg check}. Depends on the options, output and session of
 * the other commands.
 */
@NullMarked
package dev.keg.cli.check;

import org.jspecify.annotations.NullMarked;
