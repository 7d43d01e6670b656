/**
 * One file for each subcommand: it declares options, builds a request, calls one method of core and
 * passes the result to the output. Depends on {@code dev.keg.cli} and core. All input and output
 * goes through the session's streams.
 */
@NullMarked
package dev.keg.cli.command;

import org.jspecify.annotations.NullMarked;
