/**
 * Which backups a policy keeps. Pure functions over times, tags and verification, with restic's
 * meaning of the keep rules; depends on {@code error} alone. Whatever a policy says, the newest
 * backup, the newest verified and the newest drilled one are kept.
 */
@NullMarked
package dev.keg.backup.retention;

import org.jspecify.annotations.NullMarked;
