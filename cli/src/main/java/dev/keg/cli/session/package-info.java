/**
 * What a command runs in: its environment, the parts of core wired together, and the exceptions and
 * prompts of commands. Depends on core alone. Everything is created on first use.
 */
@NullMarked
package dev.keg.cli.session;

import org.jspecify.annotations.NullMarked;
