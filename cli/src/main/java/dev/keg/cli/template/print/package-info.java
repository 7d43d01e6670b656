/**
 * Go's {@code fmt}: the text of values, with and without a format. Depends only on the values of
 * {@code template}.
 */
@NullMarked
package dev.keg.cli.template.print;

import org.jspecify.annotations.NullMarked;
