/**
 * What a shell may offer next: one engine over the commands' own model and the registry, asked by
 * three thin scripts. Depends on {@code dev.keg.cli} and core. It offers, and never changes
 * anything.
 */
@NullMarked
package dev.keg.cli.completion;

import org.jspecify.annotations.NullMarked;
