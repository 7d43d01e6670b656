/**
 * Which backups a policy keeps, and how times and ages are written. Pure functions over times, tags
 * and verification, with restic's meaning of the keep rules; depends on {@code error} and {@code
 * volume} alone. Whatever a policy says, the newest backup, the newest verified and the newest
 * drilled one are kept.
 */
@NullMarked
package dev.keg.backup.retention;

import org.jspecify.annotations.NullMarked;
