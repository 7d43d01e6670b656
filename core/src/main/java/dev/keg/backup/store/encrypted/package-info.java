/**
 * Encryption of all objects of another store. Depends on {@code store} and {@code age}. Each object
 * is an age file that anybody with the repository's secret opens, also without Keg.
 *
 * <p>The header of each file has, beside the wrapped key, a stanza that proves which object it is:
 *
 * <pre>
 * -&gt; keg-object data/db/20261120T105801Z-3f9a1c2e.tar.zst
 * HMAC-SHA-256 of the file's key and that name, with a key derived from the repository's secret
 * </pre>
 *
 * <p>So a store can neither make an object, nor answer with one for another. The secret itself lies
 * in {@code keys/NAME.age}, wrapped once for each pass phrase or key that opens the repository.
 *
 * <p>A host that can only write has a {@link dev.keg.backup.store.encrypted.WriteKey}.
 */
@NullMarked
package dev.keg.backup.store.encrypted;

import org.jspecify.annotations.NullMarked;
