package dev.keg.backup.save;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Repositories of format 2 do not store existing content again. */
class SharedContentTest {
  private static final String LARGE = "x1y2z3".repeat(100_000);

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  private void fill(VolumeName volume) {
    for (int i = 0; i < 50; i++) {
      host.write(volume, "f" + i, (i + " text ").repeat(1000));
    }
    host.write(volume, "large", LARGE);
  }

  private Set<String> content(VolumeName volume) {
    return new TreeSet<>(host.content(volume));
  }

  private List<String> verify(Repository repository) {
    return host.verify(repository, repository.list().backups().getLast()).findings();
  }

  private void assertRestores(VolumeName volume) {
    Set<String> before = content(volume);
    host.write(volume, "f1", "overwritten");
    host.restore(host.restoreRequest(volume, RestoreRequest.Mode.REPLACE));
    assertThat(content(volume)).isEqualTo(before);
  }

  @Test
  void when_nothing_changed_there_is_only_a_record() throws Exception {
    fill(db);
    host.save(db);
    int objects = host.store.list("data/").size();
    Saved saved = host.save(db);

    BackupRecord record = host.last(host.repository);
    assertThat(host.store.list("data/")).hasSize(objects);
    assertThat(saved.stored().bytes()).isZero();
    assertThat(record.hasOwn()).isFalse();
    assertThat(record.counts().files()).isEqualTo(51);
    assertRestores(db);
  }

  @Test
  void a_chain_of_unchanged_backups_outlives_those_before() throws Exception {
    fill(db);
    host.save(db);
    host.save(db);
    Saved last = host.save(db);
    List<BackupRecord> all =
        host.repository.list(db).backups().stream().map(b -> b.record()).toList();
    host.repository.forget(List.of(all.get(0).id(), all.get(1).id()));
    host.advance(Duration.ofDays(30));
    host.repository.forget(List.of());

    assertThat(host.last(host.repository).id()).isEqualTo(last.id());
    assertThat(verify(host.repository)).isEmpty();
    assertRestores(db);
  }

  @Test
  void a_file_that_moved_is_not_stored_again() throws Exception {
    fill(db);
    host.save(db);
    Files.move(host.data(db).resolve("large"), host.data(db).resolve("moved"));
    assertThat(host.save(db).stored().bytes()).isLessThan(3000);
    assertRestores(db);
  }

  @Test
  void another_volume_with_the_same_data_shares_it() throws Exception {
    fill(db);
    long first = host.save(db).stored().bytes();
    VolumeName copy = host.create("copy");
    fill(copy);
    host.write(copy, "own", "something else");
    Saved saved = host.save(copy);

    assertThat(saved.parent()).isNull();
    assertThat(saved.stored().bytes()).isLessThan(first / 2);
    assertThat(host.last(host.repository).objects()).hasSize(2);
    host.repository.forget(
        host.repository.list(db).backups().stream().map(b -> b.record().id()).toList());
    host.advance(Duration.ofDays(30));
    host.repository.forget(List.of());
    assertThat(verify(host.repository)).isEmpty();
    assertRestores(copy);
    assertThat(host.save(copy).stored().bytes()).isLessThan(3000);
  }

  @Test
  void a_full_backup_shares_nothing() {
    fill(db);
    long first = host.save(db).stored().bytes();
    assertThat(host.save(db, SaveRequest.plain(2)).stored().bytes()).isGreaterThan(first / 2);
    assertThat(host.last(host.repository).objects()).hasSize(1);
  }

  @Test
  void a_repository_keeps_format_1_until_it_is_upgraded() throws Exception {
    Repository old = host.asInFirstRelease();
    fill(db);
    host.save(db, old);
    assertThat(host.save(db, old).stored().bytes()).isPositive();
    assertThat(old.isSharing()).isFalse();
    old.upgrade();
    Repository upgraded = host.reopened();

    host.save(db, upgraded);
    assertThat(host.save(db, upgraded).stored().bytes()).isZero();
    assertThat(upgraded.list(db).backups()).hasSize(4);
    for (var backup : upgraded.list(db).backups()) {
      assertThat(host.verify(upgraded, backup).findings()).isEmpty();
    }
  }

  @Test
  void several_repositories_share_only_if_all_of_them_do() throws Exception {
    Repository old = host.asInFirstRelease();
    fill(db);
    host.save(db, host.other, old);
    assertThat(host.save(db, host.other, old).stored().bytes()).isPositive();
    old.upgrade();
    Repository upgraded = host.reopened();
    host.save(db, host.other, upgraded);
    assertThat(host.save(db, host.other, upgraded).stored().bytes()).isZero();
  }
}
