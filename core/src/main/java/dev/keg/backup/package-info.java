/**
 * Backups of volumes. {@code save} reads a volume and writes an archive; {@code replica} writes the
 * same backup to several repositories; {@code restore} brings a backup back, or verifies it; {@code
 * drill} does so beside the volume. Below them, {@code archive} is the format, {@code extract}
 * makes a tree of an archive, {@code repository} keeps backups, {@code retention} decides which of
 * them, {@code store} holds their objects, and {@code tar} is the codec. A backup exists whole or
 * not at all; a volume has the old data or the new.
 */
@NullMarked
package dev.keg.backup;

import org.jspecify.annotations.NullMarked;
