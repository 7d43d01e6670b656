/**
 * Removes from old data objects what no backup needs any more, without reading the volumes. Needed
 * parts are copied compressed into a rest that replaces the object; a frame that small files share
 * is repacked if some of them are no longer needed. Depends on {@code repository}, {@code replica},
 * {@code archive} and {@code store}.
 */
@NullMarked
package dev.keg.backup.repack;

import org.jspecify.annotations.NullMarked;
