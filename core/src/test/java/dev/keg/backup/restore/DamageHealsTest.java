package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.DamagedObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.directory.DirectoryStore;
import dev.keg.file.DirectorySync;
import dev.keg.tree.PortableFileTrees;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups after damage: every night `backup`, then `verify`. */
class DamageHealsTest {
  private static final String DAMAGED =
      "earlier backups are damaged; unchanged files written again: %d";

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private Path place;
  private Repository repository;

  @BeforeEach
  void open_a_repository_in_a_directory() throws Exception {
    place = Files.createDirectory(host.files.getPath("/backups"));
    repository =
        Repository.openOrCreate(
            DirectoryStore.open(place, DirectorySync.NONE, new SplittableRandom(7)),
            host.clock,
            new SplittableRandom(8));
  }

  private void fill(VolumeName volume) throws IOException {
    byte[] large = new byte[12 << 20];
    new Random(volume.hashCode()).nextBytes(large);
    Files.write(host.write(volume, "large", ""), large);
    byte[] other = new byte[2 << 20];
    new Random(3).nextBytes(other);
    Files.write(host.write(volume, "other", ""), other);
    for (int i = 0; i < 20; i++) {
      host.write(volume, "small" + i, "content of " + i);
    }
  }

  private Check verify(VolumeName volume) {
    return verify(repository.list(volume).backups().getLast());
  }

  private Check verify(Backup backup) {
    return new Verifying(
            Level.FULL, host.files.getPath("/"), new PortableFileTrees(), 2, host.clock)
        .check(repository, backup);
  }

  private Path file(ObjectName object) {
    return place.resolve(object.text());
  }

  /** The positions of a file's frames in the archive that first contained it. */
  private List<Long> frames(BackupRecord backup, String path) {
    SequencedSet<Long> frames = new LinkedHashSet<>();
    try (RestoreSource.Indexed source = RestoreSource.of(repository, backup, true)) {
      for (Iterator<IndexedEntry> all = source.archive().entries(); all.hasNext(); ) {
        IndexedEntry entry = all.next();
        if (entry.entry().path().toString().equals("./" + path)
            || entry.entry().path().toString().equals(path)) {
          entry.slices().stream().map(Slice::frame).forEach(frame -> frames.add(frame.offset()));
        }
      }
    }
    return new ArrayList<>(frames);
  }

  private void flip(ObjectName object, long... offsets) throws IOException {
    byte[] bytes = Files.readAllBytes(file(object));
    for (long offset : offsets) {
      bytes[(int) offset + 20] ^= 4;
    }
    Files.write(file(object), bytes);
  }

  private List<String> warnings() {
    return host.notes.stream().filter(note -> note.startsWith("warning")).toList();
  }

  private void assertRestorable(VolumeName volume) {
    List<String> content = host.content(volume);
    try (RestoreSource source =
        RestoreSource.of(repository, repository.list(volume).backups().getLast().record(), true)) {
      new Restoring(host.context)
          .restore(source, host.restoreRequest(volume, Mode.REPLACE), host.listener());
    }
    assertThat(host.content(volume)).isEqualTo(content);
  }

  @Test
  void only_damaged_frames_are_written_again_from_the_live_data() throws Exception {
    fill(db);
    host.save(db, repository);
    BackupRecord full = repository.list(db).backups().getLast().record();
    host.write(db, "new", "1");
    host.save(db, repository);
    List<Long> large = frames(full, "large");
    assertThat(large).hasSizeGreaterThan(2);
    flip(full.own().name(), large.get(0), large.get(2), frames(full, "small3").getFirst());

    assertThat(verify(db).good()).isFalse();
    assertThat(repository.list(db).backups()).allMatch(backup -> backup.checks().damaged());
    Saved healed = host.save(db, repository);

    assertThat(healed.parent()).isNotNull();
    assertThat(healed.summary().rewritten()).isEqualTo(21);
    assertThat(healed.stored().bytes()).isLessThan(large.get(1) + (9 << 20)).isGreaterThan(2 << 20);
    assertThat(warnings()).containsExactly("warning db: " + DAMAGED.formatted(21));
    assertThat(verify(db).findings()).isEmpty();
    assertRestorable(db);
  }

  @Test
  void the_damage_of_an_earlier_night_is_not_built_on_again() throws Exception {
    fill(db);
    host.save(db, repository);
    BackupRecord full = repository.list(db).backups().getLast().record();
    for (int night = 0; night < 3; night++) {
      host.write(db, "night", "" + night);
      host.save(db, repository);
    }
    flip(full.own().name(), frames(full, "other").getFirst());
    List<Boolean> good = new ArrayList<>();
    for (int night = 0; night < 3; night++) {
      host.save(db, repository);
      good.add(verify(db).good());
    }

    assertThat(good).containsExactly(false, true, true);
    assertThat(warnings()).containsExactly("warning db: " + DAMAGED.formatted(1));
  }

  @Test
  void a_missing_object_is_never_referred_to_again() throws Exception {
    fill(db);
    host.save(db, repository);
    BackupRecord full = repository.list(db).backups().getLast().record();
    host.write(db, "new", "1");
    host.save(db, repository);
    Files.delete(file(full.own().name()));

    Saved healed = host.save(db, repository);

    assertThat(healed.summary().rewritten()).isEqualTo(22);
    assertThat(warnings()).containsExactly("warning db: " + DAMAGED.formatted(22));
    assertThat(verify(db).findings()).isEmpty();
    assertThat(repository.list(db).backups().getLast().record().objects()).hasSize(2);
    assertRestorable(db);
  }

  @Test
  void many_damaged_backups_are_passed_over_with_a_word_for_each() throws Exception {
    fill(db);
    host.save(db, repository);
    for (int night = 0; night < 2; night++) {
      host.write(db, "night", "" + night);
      host.save(db, repository);
      Files.delete(file(repository.list(db).backups().getLast().record().own().name()));
    }
    host.notes.clear();

    assertThat(host.save(db, repository).stored().bytes()).isLessThan(1 << 20);
    assertThat(warnings()).hasSize(2).allMatch(text -> text.endsWith("does not build on it"));
    assertThat(verify(db).findings()).isEmpty();
  }

  @Test
  void a_backup_whose_own_index_is_damaged_is_not_built_on() throws Exception {
    fill(db);
    host.save(db, repository);
    host.write(db, "new", "1");
    host.save(db, repository);
    BackupRecord last = repository.list(db).backups().getLast().record();
    flip(last.own().name(), last.own().size().bytes() - 100);

    Saved unverified = host.save(db, repository);

    assertThat(unverified.stored().bytes()).isLessThan(1 << 20);
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("warning db: backup %s cannot be read, so this one".formatted(last.id()));
    assertThat(verify(db).findings()).isEmpty();
  }

  @Test
  void damage_of_one_volume_does_not_touch_another() throws Exception {
    VolumeName other = host.create("other");
    fill(db);
    fill(other);
    host.save(db, repository);
    host.save(other, repository);
    BackupRecord full = repository.list(db).backups().getLast().record();
    flip(full.own().name(), frames(full, "large").getFirst());
    verify(db);

    assertThat(host.save(other, repository).summary().rewritten()).isZero();
    assertThat(host.save(db, repository).summary().rewritten()).isEqualTo(1);
    assertThat(verify(other).good()).isTrue();
  }

  @Test
  void a_replica_that_is_sound_gets_what_the_damaged_one_needs() throws Exception {
    fill(db);
    host.save(db, repository, host.repository);
    BackupRecord full = repository.list(db).backups().getLast().record();
    flip(full.own().name(), frames(full, "large").getFirst());
    verify(db);

    assertThat(host.save(db, host.repository, repository).summary().rewritten()).isEqualTo(1);
    assertThat(verify(db).findings()).isEmpty();
  }

  @Test
  void the_note_of_damage_goes_with_the_data() throws Exception {
    host.write(db, "a", "1");
    host.save(db);
    BackupRecord full = host.last(host.repository);
    host.repository.recordDamage(
        List.of(new DamagedObject(full.own().name(), new TreeSet<>(Set.of(0L)))));
    host.advance(Duration.ofDays(30));
    host.repository.forget(List.of());
    assertThat(notes()).hasSize(1);
    host.repository.forget(List.of(full.id()));

    assertThat(notes()).isEmpty();
  }

  private List<StoredObject> notes() throws Exception {
    return host.store.list("checks/").stream()
        .filter(object -> object.name().last().startsWith("damage-"))
        .toList();
  }
}
