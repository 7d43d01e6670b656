/**
 * The presentation of the objects that commands list and inspect: the columns of each kind of row,
 * and whole documents. May use {@code output.table}, {@code json} and core's types.
 */
@NullMarked
package dev.keg.cli.output;

import org.jspecify.annotations.NullMarked;
