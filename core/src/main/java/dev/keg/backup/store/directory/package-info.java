/**
 * A repository's objects as files below a directory, local or on NFS or SMB: written under {@code
 * .incoming}, synced, linked to their name, the directory synced. Depends on {@code store} and, for
 * syncing directories, on {@code registry}.
 */
@NullMarked
package dev.keg.backup.store.directory;

import org.jspecify.annotations.NullMarked;
