/**
 * What a command does that has several actions, or more to do than a file of a command holds: each
 * is made of a session and of what the command line says, and tells the session's streams. Depends
 * on {@code dev.keg.cli.option}, {@code dev.keg.cli.output} and core; only commands know it.
 */
@NullMarked
package dev.keg.cli.action;

import org.jspecify.annotations.NullMarked;
