/**
 * What a command notes beside a volume while it restores or moves it, so that the next one knows
 * how far it came.
 */
@NullMarked
package dev.keg.registry.journal;

import org.jspecify.annotations.NullMarked;
