/**
 * The holders of volumes, checked against the mount table of the operating system. Depends on
 * {@code registry}. The mount table is the truth about mounts; a record is only what was asked for,
 * and one of an earlier boot is void.
 */
@NullMarked
package dev.keg.attachment;

import org.jspecify.annotations.NullMarked;
