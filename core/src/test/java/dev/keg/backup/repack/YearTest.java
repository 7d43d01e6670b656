package dev.keg.backup.repack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.Rotation;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A year of backups with retention, on a clock that a test advances. */
@NeedsTime
class YearTest {
  private static final int FILES = 50;
  private static final RetentionPolicy POLICY =
      RetentionPolicy.parse("hourly=24,daily=7,weekly=4,monthly=12");

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Random random = new Random(5);
  private final Map<BackupId, Map<String, Integer>> contents = new HashMap<>();

  private void change(int number) throws IOException {
    byte[] content = new byte[4000 + random.nextInt(8000)];
    random.nextBytes(content);
    Files.write(host.write(db, "d%d/f%d".formatted(number % 7, number), ""), content);
  }

  private void rename(String from, String to) throws IOException {
    Path data = host.data(db);
    if (Files.exists(data.resolve(from))) {
      Files.move(data.resolve(from), data.resolve(to));
    }
  }

  private Map<String, Integer> content() throws IOException {
    Map<String, Integer> content = new TreeMap<>();
    try (Stream<Path> all = Files.walk(host.data(db))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        content.put(
            host.data(db).relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return content;
  }

  private void backUp(Duration after) throws IOException {
    host.advance(after);
    change(random.nextInt(FILES));
    host.save(db, host.request(BackedHost.programs(_ -> true), false), host.repository);
    contents.put(host.last(host.repository).id(), content());
  }

  private void forget() {
    Rotation rotation = new Rotation(host.repository, POLICY, ZoneOffset.UTC, host.clock);
    rotation.run(rotation.decide(host.repository.list(), _ -> true));
  }

  private void repack() {
    RepackLimits limits = new RepackLimits(5, new Size(Long.MAX_VALUE));
    new Repacking(host.repository, limits, _ -> {}).run();
  }

  private static long size(MemoryStore store) {
    return Stream.of("data/", "rests/", "forgotten/")
        .flatMap(folder -> list(store, folder).stream())
        .mapToLong(object -> object.size().bytes())
        .sum();
  }

  private static List<StoredObject> list(MemoryStore store, String folder) {
    return StoreFailures.translate(() -> store.list(folder));
  }

  @Test
  void what_is_kept_takes_little_more_than_a_fresh_repository_of_it() throws IOException {
    for (int i = 0; i < FILES; i++) {
      change(i);
    }
    for (int day = 0; day < 365; day++) {
      for (int hour = 0; hour < 24; hour += day < 363 ? 24 : 1) {
        backUp(Duration.ofHours(day < 363 ? 24 : 1));
      }
      forget();
      if (day % 7 == 0) {
        repack();
      }
      if (day % 30 == 0) {
        rename("d3", "renamed");
        rename("renamed", "d3");
      }
    }
    host.advance(Duration.ofHours(25));
    repack();
    host.advance(Duration.ofHours(25));
    repack();
    forget();

    List<Backup> kept = host.repository.list().backups();
    assertThat(kept).hasSizeBetween(30, 47);
    assertThat(host.repository.list().damages()).isEmpty();
    long stored = size(host.store);
    restoreAll(kept, host.repository, host.other);
    long fresh = size(host.otherStore);
    assertThat(stored).isLessThan(fresh + fresh / 10);
  }

  /** Restores and compares each backup, and saves the content to another repository. */
  private void restoreAll(List<Backup> kept, Repository from, Repository to) throws IOException {
    for (Backup backup : kept) {
      BackupRecord record = backup.record();
      try (RestoreSource source = RestoreSource.of(from, record, true)) {
        new Restoring(host.context)
            .restore(source, host.restoreRequest(db, Mode.REPLACE), host.listener());
      }
      assertThat(content()).isEqualTo(contents.get(record.id()));
      host.save(db, to);
    }
  }
}
