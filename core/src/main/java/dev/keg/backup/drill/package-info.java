/**
 * Backups restored into scratch volumes, either to prove that they are restorable or to show their
 * contents.
 */
@NullMarked
package dev.keg.backup.drill;

import org.jspecify.annotations.NullMarked;
