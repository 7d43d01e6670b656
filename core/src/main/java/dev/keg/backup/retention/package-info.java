/**
 * Which backups a policy keeps, and the notations of times and ages. Pure functions of times, tags
 * and verification results, with restic's meaning of the keep rules; depends only on {@code error}
 * and {@code volume}. Whatever the policy, the newest backup, the newest verified one and the
 * newest drilled one are kept.
 */
@NullMarked
package dev.keg.backup.retention;

import org.jspecify.annotations.NullMarked;
