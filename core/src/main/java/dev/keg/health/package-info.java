/**
 * What is wrong with a root, and how to repair it: {@link dev.keg.health.Health} looks at volumes,
 * mounts, the root and backups and returns {@linkplain dev.keg.health.Finding findings}. It may use
 * everything that it looks at; nothing uses it but commands. Looking changes nothing; a repair
 * deletes nothing but what Keg left and never touches what somebody holds.
 */
@NullMarked
package dev.keg.health;

import org.jspecify.annotations.NullMarked;
