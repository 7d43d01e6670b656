/**
 * One registry for many hosts. A store has a record for each volume, which says where its data is
 * and who holds it; the root of each host has the data. A host writes its holder into the record
 * before the holder uses the volume, and takes it out afterwards: the record may name too many
 * holders, never too few. Depends on {@code registry} and {@code registry.record}.
 */
@NullMarked
package dev.keg.registry.shared;

import org.jspecify.annotations.NullMarked;
