/**
 * Archives of trees. An archive is a tar stream cut into independent zstd frames of at most 4 MiB,
 * so {@code zstd -dc | tar -x} restores it without Keg. The index is in skippable frames, which
 * zstd ignores, between and after those frames:
 *
 * <pre>
 * frame*  ( page+  frame+ )*  page*  root
 * page  = skippable frame: "KEGP", zstd frame of entries and of the frames that hold them
 * root  = skippable frame: "KEGR", zstd frame of totals, description, objects and pages; footer
 * footer= the last 64 bytes: magic, version, where the root is, and its SHA-256
 * </pre>
 *
 * The root has the SHA-256 of every page, and a page the CRC-32C and the {@link
 * dev.keg.backup.archive.frame.FrameHash} of every frame. Together they cover the whole file, so
 * every changed bit is detected. A file above 1 MiB has its own frames, whose boundaries depend on
 * its content: equal content gives equal frames, even if it moved. A partial archive refers to
 * frames of earlier archives instead of storing them again, but its index is complete. Pages are
 * written along with the entries, so neither writer nor reader holds more than a few of them.
 *
 * <p>In an archive of version 2, pages are self-contained and may be stored in an earlier archive;
 * the root tells where. An archive that would equal the previous one is not written.
 *
 * <p>This package reads archives; {@code archive.write} writes them, {@code archive.index} and
 * {@code archive.frame} are the format below both. Threads end with the call that started them.
 */
@NullMarked
package dev.keg.backup.archive;

import org.jspecify.annotations.NullMarked;
