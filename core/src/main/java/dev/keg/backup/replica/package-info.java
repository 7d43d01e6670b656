/**
 * Backups in repositories: finds and opens repositories, writes one backup to several of them at
 * once, and copies backups between them. Depends on {@code save}, {@code repository}, {@code store}
 * and {@code archive}. If one repository fails, the others continue.
 */
@NullMarked
package dev.keg.backup.replica;

import org.jspecify.annotations.NullMarked;
