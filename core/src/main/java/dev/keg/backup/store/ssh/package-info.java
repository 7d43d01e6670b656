/**
 * A repository's objects in a directory of another machine, reached through the user's own {@code
 * ssh}: its keys, agent, jump hosts and known hosts are ssh's affair. The other side needs a POSIX
 * shell and the usual commands, no Keg. Depends on {@code store} and the JDK; {@code Programs}
 * starts ssh.
 */
@NullMarked
package dev.keg.backup.store.ssh;

import org.jspecify.annotations.NullMarked;
