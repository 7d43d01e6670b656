/**
 * One file for each subcommand: it declares options, builds a request, calls one method of core and
 * hands what comes back to the output. Depends on {@code dev.keg.cli} and core. No file here does
 * input or output of its own but through the session's streams.
 */
@NullMarked
package dev.keg.cli.command;

import org.jspecify.annotations.NullMarked;
