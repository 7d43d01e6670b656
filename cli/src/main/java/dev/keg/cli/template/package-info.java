/**
 * Go's text/template with docker's functions, over data that needs no reflection. Depends only on
 * {@code json}. Output and errors are byte for byte docker's; unsupported features fail when the
 * template is parsed, with the word in the message.
 *
 * <p>A value is a {@link java.lang.String}, {@link java.lang.Boolean}, {@link java.lang.Integer} or
 * {@link java.math.BigInteger} (Go's int), {@link java.lang.Long} (int64), {@link java.lang.Byte}
 * (uint8), {@link java.lang.Double} (float64), {@link java.util.List}, {@link java.util.SortedMap},
 * {@link GoMap}, {@link GoStrings}, {@link Struct} or {@link NilPointer}; null is the absence of a
 * value.
 */
@NullMarked
package dev.keg.cli.template;

import org.jspecify.annotations.NullMarked;
