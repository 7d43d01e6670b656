/**
 * Takes out of old data objects what no backup needs any more, without a look at the volumes. What
 * is needed is copied as it is, compressed, into a rest that serves in the place of the object; a
 * frame that small files share is packed anew if some of them are gone. Depends on {@code
 * repository}, {@code replica}, {@code archive} and {@code store}.
 */
@NullMarked
package dev.keg.backup.repack;

import org.jspecify.annotations.NullMarked;
