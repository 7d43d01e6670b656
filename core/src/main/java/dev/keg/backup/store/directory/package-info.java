/**
 * A repository's objects as files below a directory, local or on NFS or SMB: written under {@code
 * .incoming}, synced and linked to their name, after which the directory is synced. Depends on
 * {@code store} and {@code file}.
 */
@NullMarked
package dev.keg.backup.store.directory;

import org.jspecify.annotations.NullMarked;
