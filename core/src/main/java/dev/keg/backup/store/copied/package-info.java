/**
 * Copies, in a root of this host, of small objects of stores on other machines, so that later
 * commands need not ask for them again. Depends on the registry and on {@code store}. Nothing is
 * lost with a copy, and none is used unless the store still lists the object.
 */
@NullMarked
package dev.keg.backup.store.copied;

import org.jspecify.annotations.NullMarked;
