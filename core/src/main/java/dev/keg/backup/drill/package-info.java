/** Backups restored into scratch volumes: to prove that they can be, and to show what they hold. */
@NullMarked
package dev.keg.backup.drill;

import org.jspecify.annotations.NullMarked;
