/**
 * Notes of commands beside a volume while they restore or move it, so that the next command knows
 * their progress.
 */
@NullMarked
package dev.keg.registry.journal;

import org.jspecify.annotations.NullMarked;
