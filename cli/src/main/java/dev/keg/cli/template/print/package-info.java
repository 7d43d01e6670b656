/**
 * Go's {@code fmt}: how values look, with and without a format. Depends on the values of {@code
 * template} alone.
 */
@NullMarked
package dev.keg.cli.template.print;

import org.jspecify.annotations.NullMarked;
