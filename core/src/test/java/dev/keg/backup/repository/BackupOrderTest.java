package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackupOrderTest {
  private final Scene scene = new Scene();

  private BackupRecord backUp(Duration clockIsAhead, @Nullable BackupRecord parent)
      throws IOException {
    scene.clock.advance(Duration.ofDays(1).plus(clockIsAhead));
    BackupRecord backup = scene.backUp("db", parent);
    scene.clock.advance(clockIsAhead.negated());
    return backup;
  }

  private BackupRecord backUp(@Nullable BackupRecord parent) throws IOException {
    return backUp(Duration.ZERO, parent);
  }

  private static List<BackupId> ids(BackupRecord... backups) {
    return List.of(backups).stream().map(BackupRecord::id).toList();
  }

  @Test
  void what_builds_on_a_backup_of_a_clock_that_was_ahead_is_newer() throws IOException {
    BackupRecord first = backUp(null);
    BackupRecord ahead = backUp(Duration.ofDays(1000), first);
    BackupRecord then = backUp(ahead);
    BackupRecord last = backUp(then);

    assertThat(scene.listed()).isEqualTo(ids(first, ahead, then, last));
    assertThat(ahead.id().isAhead(scene.clock.instant())).isTrue();
    scene.clock.advance(Duration.ofDays(2000));
    assertThat(scene.listed()).isEqualTo(ids(first, ahead, then, last));
  }

  @Test
  void a_full_backup_after_it_is_newer_as_long_as_its_time_has_not_come() throws IOException {
    BackupRecord first = backUp(null);
    BackupRecord ahead = backUp(Duration.ofDays(1000), first);
    BackupRecord full = backUp(null);

    assertThat(scene.listed()).isEqualTo(ids(first, ahead, full));
  }

  @Test
  void the_last_backup_is_the_newest_whatever_its_clock() throws IOException {
    BackupRecord first = backUp(null);
    BackupRecord ahead = backUp(Duration.ofDays(1000), first);

    assertThat(scene.listed()).isEqualTo(ids(first, ahead));
  }

  @Test
  void a_full_backup_of_a_clock_that_was_ahead_does_not_count() throws IOException {
    BackupRecord ahead = backUp(Duration.ofDays(1000), null);
    BackupRecord full = backUp(null);

    assertThat(scene.listed()).isEqualTo(ids(ahead, full));
  }

  @Test
  void a_backup_of_a_clock_that_was_behind_follows_what_it_builds_on() throws IOException {
    BackupRecord old = backUp(null);
    BackupRecord first = backUp(null);
    BackupRecord behind = backUp(Duration.ofDays(-10000), first);
    BackupRecord last = backUp(behind);

    assertThat(scene.listed()).isEqualTo(ids(old, first, behind, last));
  }

  @Test
  void a_long_chain_takes_no_stack_and_a_circle_no_time() throws IOException {
    BackupRecord one = scene.prepare("db", null);
    List<Backup> chain = new ArrayList<>();
    BackupId last = new BackupId("20260101T000000Z-00000000");
    for (int i = 0; i < 100_000; i++) {
      BackupId id = new BackupId("20250101T000000Z-%08x".formatted(100_000 - i));
      chain.add(backup(one, id, last));
      last = id;
    }
    chain.add(backup(one, new BackupId("20260101T000000Z-00000000"), last));

    assertThat(BackupOrder.of(chain, scene.clock.instant())).hasSize(100_001);
  }

  private static Backup backup(BackupRecord like, BackupId id, BackupId parent) {
    return new Backup(
        new BackupRecord(
            id,
            like.volume(),
            like.origin(),
            like.finished(),
            like.tags(),
            like.counts(),
            parent,
            like.objects()),
        new CheckState(List.of()));
  }
}
