/**
 * The work of commands that have several actions or do more than fits into a command's file. Each
 * class gets a session and the command's options, and prints to the session's streams. Depends on
 * {@code dev.keg.cli.option}, {@code dev.keg.cli.output} and core; only commands use it.
 */
@NullMarked
package dev.keg.cli.action;

import org.jspecify.annotations.NullMarked;
