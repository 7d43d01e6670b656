/**
 * The output of long work while it runs and when it is done: progress, warnings, a line or an
 * object for each result. May use {@code output.table}, {@code json}, the session and core's types.
 */
@NullMarked
package dev.keg.cli.output.report;

import org.jspecify.annotations.NullMarked;
