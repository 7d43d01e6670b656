/**
 * Encryption of all objects of another store. Depends on {@code store} and {@code age}. Each object
 * is an age file that anybody with the repository's secret can open, even without Keg.
 *
 * <p>Besides the wrapped key, the header of each file has a stanza that proves the object's
 * identity:
 *
 * <pre>
 * -&gt; keg-object data/db/20261120T105801Z-3f9a1c2e.tar.zst
 * HMAC-SHA-256 of the file's key and that name, with a key derived from the repository's secret
 * </pre>
 *
 * <p>So a store can neither forge an object, nor return one in place of another. The secret itself
 * is in {@code keys/NAME.age}, wrapped once for each pass phrase or key that opens the repository.
 *
 * <p>A host that can only write has a {@link dev.keg.backup.store.encrypted.WriteKey}.
 */
@NullMarked
package dev.keg.backup.store.encrypted;

import org.jspecify.annotations.NullMarked;
