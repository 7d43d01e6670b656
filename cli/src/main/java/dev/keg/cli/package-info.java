/** The command line: the only module that knows terminals, exit codes and formats. */
@NullMarked
package dev.keg.cli;

import org.jspecify.annotations.NullMarked;
