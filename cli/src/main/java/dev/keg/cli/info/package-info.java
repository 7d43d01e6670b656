/** The facts that {@code keg info} gathers for a bug report. Shows no secrets. */
@NullMarked
package dev.keg.cli.info;

import org.jspecify.annotations.NullMarked;
