/**
 * Completions for shells: one engine over the commands' own model and the registry, called by three
 * thin scripts. Depends on {@code dev.keg.cli} and core. It never changes anything.
 */
@NullMarked
package dev.keg.cli.completion;

import org.jspecify.annotations.NullMarked;
