/**
 * The page of {@code keg report}: what it shows, and the file that it is. Depends on the options,
 * outputs and session of the others.
 */
@NullMarked
package dev.keg.cli.page;

import org.jspecify.annotations.NullMarked;
