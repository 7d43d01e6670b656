/**
 * A registry for many hosts. A store has a record for each volume, which names the host with its
 * data and its holders; the root of each host has the data. A host adds its holder to the record
 * before the holder uses the volume, and removes it afterwards: the record may name too many
 * holders, never too few. Depends on {@code registry} and {@code registry.record}.
 */
@NullMarked
package dev.keg.registry.shared;

import org.jspecify.annotations.NullMarked;
