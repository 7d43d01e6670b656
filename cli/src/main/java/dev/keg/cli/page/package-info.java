/**
 * The page of {@code keg report}: its content and its file. Depends on the options, output and
 * session of the other commands.
 */
@NullMarked
package dev.keg.cli.page;

import org.jspecify.annotations.NullMarked;
