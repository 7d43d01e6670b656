/**
 * The runtime of a command: its environment, the parts of core wired together, and the exceptions
 * and prompts of commands. Everything is created on first use.
 */
@NullMarked
package dev.keg.cli.session;

import org.jspecify.annotations.NullMarked;
