/**
 * A repository's objects in a directory of another machine, reached through the user's own {@code
 * ssh}: ssh itself handles keys, agent, jump hosts and known hosts. The other machine needs a POSIX
 * shell and the usual commands, but not Keg. Depends on {@code store} and the JDK; {@code Programs}
 * starts ssh.
 */
@NullMarked
package dev.keg.backup.store.ssh;

import org.jspecify.annotations.NullMarked;
