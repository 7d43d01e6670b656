/**
 * The frames of an archive: cutting content into frames, compressing them in parallel, and the
 * keyed hash that finds equal ones.
 */
@NullMarked
package dev.keg.backup.archive.frame;

import org.jspecify.annotations.NullMarked;
