/**
 * Restores volumes, and verifies that backups can be restored. A tree is made whole in a staging
 * directory that nobody sees, then changes places with the live one; {@link
 * dev.keg.backup.restore.Replacement} is that exchange, and finishes or reverts it after a kill.
 * Depends on {@code extract}, {@code replica}, {@code save} and what is below them. Whatever is
 * wrong with a backup, the live data has not been touched when it is found.
 */
@NullMarked
package dev.keg.backup.restore;

import org.jspecify.annotations.NullMarked;
