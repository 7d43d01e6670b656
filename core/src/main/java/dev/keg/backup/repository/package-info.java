/**
 * Stores backups and finds them again. Depends on {@code store}, {@code retention} and {@code
 * json}.
 *
 * <p>This is the layout of a repository, forever:
 *
 * <pre>
 * repository.json                              {"schema":2,"created":"…","id":"…","key":"…"}
 * upgrade.json                                 the same, while a repository of schema 1 is upgraded
 * backups/VOLUME/ID.json                       see {@link BackupRecord}; the backup exists once this does
 * data/VOLUME/ID.tar.zst                       the archive; .inc.tar.zst where it builds on earlier ones
 * checks/VOLUME/ID/TIME-LEVEL-RESULT.json      a verification; its findings are inside
 * checks/VOLUME/ID/damage-TIME-RANDOM.json     the damaged parts of data object ID; no later backup refers to them
 * checks/VOLUME/ID/forgotten-TIME-RANDOM.json  the index ID cannot be read, and is forgotten; a lock keeps it
 * forgotten/TIME-RANDOM.json                   data objects that are unreferenced since then
 * rests/VOLUME/ID/TIME-RANDOM.rest             the parts of the data object ID that backups still need
 * rests/VOLUME/ID/TIME-RANDOM.patch            sound parts of it, where it is damaged
 * </pre>
 *
 * <p>An ID is a {@link BackupId}, so names do not collide. No object ever changes, and there are no
 * locks:
 *
 * <ul>
 *   <li>A backup writes its data, in one object or several, then its index. If it is killed before
 *       that, it leaves unreferenced data. In a repository of schema 2, a backup in which nothing
 *       changed has no data of its own, and a backup may refer to data of other volumes.
 *   <li>To forget a backup is to name in a tombstone the data that it leaves behind, then to delete
 *       its index. Data is deleted when no index refers to it and every tombstone that names it,
 *       and there is one, is older than the grace period of 24 hours, counted by the store's clock.
 *       So a backup that builds on a backup which is forgotten meanwhile loses nothing.
 *   <li>A backup that took so long that this might not hold finds out after it has published its
 *       index, takes the index back and fails. It reads the tombstones first, then looks for its
 *       data; a deletion reads the indexes first, then the tombstones, and deletes the data before
 *       the tombstone. In whatever order they meet, one of them sees the other.
 *   <li>Data that no index ever referred to is named in a tombstone when the last such data of the
 *       same volume is seven days old: a first backup may take longer, and leaves data that the
 *       next one continues with.
 *   <li>A data object whose own backup is forgotten may be replaced by a rest of it. It is deleted
 *       when a rest that has all parts that indexes need is older than the grace period. When a
 *       backup has published its index and a backup that it builds on is gone, and with it perhaps
 *       parts of an object, it takes its index back if the object is gone or a rest of it is older
 *       than half of that. A deletion makes sure that it has counted the needs of every existing
 *       index.
 *   <li>A deletion may be suspended for days between any two steps. So it reads the indexes again
 *       after it knows the store's time: if there is a new one, it deletes no data.
 *   <li>A deletion without a grace period says so in a tombstone before it reads the indexes again,
 *       after those of the forgotten backups are gone. A backup that has published its index and
 *       finds one that it builds on gone looks for such a tombstone, and takes its index back. So
 *       one of them sees the other, whatever time has passed.
 *   <li>A copy of a backup needs parts of objects that no backup there needs. So it takes its index
 *       back if such a tombstone has appeared for one of its objects since it began, or if a rest
 *       that is older than half of the grace period may replace what was copied. So a copy writes
 *       what no existing rest may replace: the object itself only where there is no rest of it, and
 *       otherwise a new rest; and further rests as patches, which replace nothing.
 *   <li>A forgotten backup whose index is written again, since it was the last one, is taken back
 *       if such a tombstone, or a rest older than half of the grace period, has appeared for one of
 *       its objects since it was forgotten.
 *   <li>While an index cannot be read, nobody knows what it refers to, and no data is deleted,
 *       unless the operator forgot it.
 * </ul>
 */
@NullMarked
package dev.keg.backup.repository;

import org.jspecify.annotations.NullMarked;
