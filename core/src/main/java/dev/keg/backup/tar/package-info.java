/**
 * The tar format to the byte: POSIX pax archives as GNU tar writes them, with names, link targets
 * and extended attributes as bytes, times to the nanosecond and holes. {@link
 * dev.keg.backup.tar.TarEncoder} is deterministic: equal entries give equal bytes. {@link
 * dev.keg.backup.tar.TarReader} reads what tar programs write and refuses what two programs could
 * interpret differently. Depends on {@code tree} and {@code error}.
 */
@NullMarked
package dev.keg.backup.tar;

import org.jspecify.annotations.NullMarked;
