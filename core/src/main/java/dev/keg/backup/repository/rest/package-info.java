/**
 * What is left of data objects after parts that no backup needs were taken out. Depends on {@code
 * store}.
 *
 * <p>A rest lies at {@code rests/VOLUME/ID/TIME-RANDOM.rest} and serves the parts that it has under
 * their offsets in the object, so nothing that refers to the object changes. Of one object there
 * may be several rests, beside the object itself or in its place: whoever reads takes a part from
 * any of them.
 */
@NullMarked
package dev.keg.backup.repository.rest;

import org.jspecify.annotations.NullMarked;
