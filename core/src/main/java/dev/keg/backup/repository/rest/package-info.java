/**
 * The rests of data objects, after removing parts that no backup needs. Depends on {@code store}.
 *
 * <p>A rest is stored at {@code rests/VOLUME/ID/TIME-RANDOM.rest} and serves its parts under their
 * offsets in the object, so references to the object stay unchanged. An object may have several
 * rests, beside it or in its place: a reader takes a part from any of them.
 */
@NullMarked
package dev.keg.backup.repository.rest;

import org.jspecify.annotations.NullMarked;
