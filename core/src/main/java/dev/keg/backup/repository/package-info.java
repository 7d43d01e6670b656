/**
 * Where backups are kept and found again. Depends on {@code store}, {@code retention} and {@code
 * json}.
 *
 * <p>This is the layout of a repository, forever:
 *
 * <pre>
 * repository.json                              {"schema":2,"created":"…","id":"…","key":"…"}
 * upgrade.json                                 the same, while a repository of schema 1 is upgraded
 * backups/VOLUME/ID.json                       what {@link BackupRecord} says; the backup exists once this does
 * data/VOLUME/ID.tar.zst                       the archive; .inc.tar.zst where it builds on earlier ones
 * checks/VOLUME/ID/TIME-LEVEL-RESULT.json      a verification; its findings are inside
 * checks/VOLUME/ID/damage-TIME-RANDOM.json     what is bad of the data object ID; no backup refers to it again
 * checks/VOLUME/ID/forgotten-TIME-RANDOM.json  the index ID cannot be read, and is forgotten; a lock keeps it
 * forgotten/TIME-RANDOM.json                   data objects that nothing refers to since then
 * rests/VOLUME/ID/TIME-RANDOM.rest             the parts of the data object ID that backups still need
 * rests/VOLUME/ID/TIME-RANDOM.patch            sound parts of it, where it is damaged
 * </pre>
 *
 * <p>An ID is the time and 32 random bits, so names never meet. No object ever changes, and there
 * are no locks:
 *
 * <ul>
 *   <li>A backup writes its data, in one object or several, then its index. Killed before, it
 *       leaves data that nobody refers to. In a repository of schema 2 one in which nothing changed
 *       has no data of its own, and data may be that of other volumes.
 *   <li>To forget a backup is to name in a tombstone the data that it leaves behind, then to delete
 *       its index. Data is deleted when no index refers to it and every tombstone that names it,
 *       and there is one, is older than the grace period of 24 hours, counted by the store's clock.
 *       So a backup that is being made on top of a backup that is forgotten meanwhile loses
 *       nothing.
 *   <li>A backup that took so long that this might not hold finds out after it has published its
 *       index, takes the index back and fails. It looks at the tombstones first, then for its data;
 *       who deletes looks at the indexes first, then at the tombstones, and deletes the data before
 *       the tombstone. Whatever the order in which they meet, one of them sees the other.
 *   <li>Data that no index ever referred to is named in a tombstone when the last such data of the
 *       same volume is seven days old: a first backup may take longer, and leaves data that the
 *       next one continues with.
 *   <li>A data object whose own backup is forgotten may be replaced by a rest of it. It is deleted
 *       when a rest that has all that indexes need is older than the grace period. A backup that
 *       builds on a backup which is gone when it has published its index, and with it perhaps parts
 *       of an object, takes its index back if the object is gone or a rest of it is older than half
 *       of that. Whoever deletes makes sure that it has counted the parts of every index there is.
 *   <li>Whoever does not wait says so in a tombstone, once the indexes of what is forgotten are
 *       gone, and looks at the indexes again before it deletes: if there is a new one, it leaves
 *       the data to the grace period. A backup that has published its index and finds one that it
 *       builds on gone looks for such a tombstone, and takes its index back. So one of them sees
 *       the other, whatever time has passed.
 *   <li>A copy of a backup needs parts of objects that no backup there needs. So it takes its index
 *       back if such a tombstone, or a rest older than half of the grace period, has appeared for
 *       one of its objects since it began.
 *   <li>While an index cannot be read, nobody knows what it refers to, and no data is deleted,
 *       unless the operator forgot it.
 * </ul>
 */
@NullMarked
package dev.keg.backup.repository;

import org.jspecify.annotations.NullMarked;
