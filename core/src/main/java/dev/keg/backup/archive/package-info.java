/**
 * Archives of trees. An archive is a tar stream cut into independent zstd frames of at most 4 MiB,
 * so {@code zstd -dc | tar -x} restores it without Keg, and between and behind the frames, in
 * skippable frames that zstd passes over, the index:
 *
 * <pre>
 * frame*  ( page+  frame+ )*  page*  root
 * page  = skippable frame: "KEGP", zstd frame of entries and of the frames that hold them
 * root  = skippable frame: "KEGR", zstd frame of totals, description, objects and pages; footer
 * footer= the last 64 bytes: magic, version, where the root is, and its SHA-256
 * </pre>
 *
 * The root knows the SHA-256 of every page, a page the CRC-32C and the {@link
 * dev.keg.backup.archive.frame.FrameHash} of every frame, and these tile the file, so no bit of it
 * can change unseen. A file above 1 MiB has frames of its own, cut where its content says so: equal
 * content gives equal frames, whatever moved around it. A partial archive names frames of earlier
 * archives instead of holding them again; its index is complete nevertheless. Pages come as the
 * entries do, so neither writer nor reader ever holds more than a few of them.
 *
 * <p>In an archive of version 2 a page stands for itself, and may lie in an earlier archive: the
 * root says where. An archive in which all would be the same as in the one before is not written.
 *
 * <p>This package reads archives; {@code archive.write} writes them, {@code archive.index} and
 * {@code archive.frame} are the format below both. Threads end with the call that started them.
 */
@NullMarked
package dev.keg.backup.archive;

import org.jspecify.annotations.NullMarked;
