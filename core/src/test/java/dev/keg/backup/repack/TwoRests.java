package dev.keg.backup.repack;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupFile;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Two rests of one object with different files of its frame. The older one has what the newest
 * backup of one volume needs, the newer one what that of another volume needs; the object is gone.
 *
 * @param odd the backup that needs the older rest
 * @param even the backup that needs the newer one
 */
public record TwoRests(BackupRecord odd, BackupRecord even) {
  static final int FILES = 40;

  /** Fills two empty volumes. */
  public static TwoRests make(BackedHost host, VolumeName one, VolumeName other) throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < FILES; i++) {
      byte[] content = new byte[20_000];
      random.nextBytes(content);
      Path file = Files.write(host.write(one, "f" + i, ""), content);
      Files.copy(file, host.data(other).resolve("f" + i));
    }
    host.save(one);
    host.save(other);
    List<BackupId> before = host.repository.list().backups().stream().map(Backup::id).toList();
    for (int i = 0; i < FILES; i++) {
      Files.delete(host.data(i % 2 == 0 ? one : other).resolve("f" + i));
    }
    host.save(one);
    host.save(other);
    BackupRecord odd = host.repository.list(one).backups().getLast().record();
    BackupRecord even = host.repository.list(other).backups().getLast().record();
    host.repository.forget(before);
    host.repository.forget(List.of(even.id()));
    repack(host);
    host.repository.publish(even, List.of());
    host.repository.forget(List.of(odd.id()));
    repack(host);
    host.repository.publish(odd, List.of());
    host.repository.forget(List.of(even.id()));
    host.advance(Duration.ofHours(25));
    repack(host);
    // A backup would be withdrawn by now, so the record is written by hand.
    ObjectName name = new ObjectName("backups/%s/%s.json".formatted(other, even.id()));
    byte[] bytes = BackupFile.write(even);
    try (PendingObject record = host.store.create(name, new Size(bytes.length))) {
      record.write(bytes, 0, bytes.length);
      record.publish();
    }
    return new TwoRests(odd, even);
  }

  private static void repack(BackedHost host) {
    new Repacking(host.repository, new RepackLimits(0, new Size(Long.MAX_VALUE)), _ -> {}).run();
  }
}
