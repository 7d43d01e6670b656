/**
 * The holders of volumes, checked against the mount table of the operating system. Depends on
 * {@code registry}. The mount table is authoritative for mounts; a record only says what was
 * requested, and one from an earlier boot is void.
 */
@NullMarked
package dev.keg.attachment;

import org.jspecify.annotations.NullMarked;
