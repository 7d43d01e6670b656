/**
 * Finds the problems of a root and repairs them: {@link dev.keg.health.Health} examines volumes,
 * mounts, the root and backups and returns {@linkplain dev.keg.health.Finding findings}. It may use
 * everything that it examines; only commands use it. Examining changes nothing; a repair deletes
 * only leftovers of Keg and never touches what somebody holds.
 */
@NullMarked
package dev.keg.health;

import org.jspecify.annotations.NullMarked;
