/**
 * What a command runs in: the world as it is given, core put together on it, and what commands
 * throw and ask. Depends on core alone. Nothing is made before it is asked for.
 */
@NullMarked
package dev.keg.cli.session;

import org.jspecify.annotations.NullMarked;
