/**
 * The options and the output of {@code keg df}. Depends on the options, output and session of the
 * other commands.
 */
@NullMarked
package dev.keg.cli.usage;

import org.jspecify.annotations.NullMarked;
