/**
 * Restores volumes, and verifies that backups can be restored. A complete tree is created in a
 * hidden staging directory, then changes places with the live one; {@link
 * dev.keg.backup.restore.Replacement} is that exchange, and completes or reverts it after a kill.
 * Depends on {@code extract}, {@code replica}, {@code save} and the packages below them. Any
 * problem of a backup is found before the live data is touched.
 */
@NullMarked
package dev.keg.backup.restore;

import org.jspecify.annotations.NullMarked;
