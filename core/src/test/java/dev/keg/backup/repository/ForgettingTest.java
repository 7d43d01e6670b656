package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.error.BackupException.ForgetFailed;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForgettingTest {
  private static final Duration GRACE = Duration.ofHours(24);

  private final Scene scene = new Scene();

  @Test
  void a_forgotten_backup_is_gone_and_its_data_waits() throws IOException {
    BackupRecord old = scene.backUp("db");
    BackupRecord last = scene.backUp("db");
    ForgetReport report = scene.repository.forget(List.of(old.id()));

    assertThat(scene.listed()).containsExactly(last.id());
    assertThat(scene.names("data/")).hasSize(2);
    assertThat(report.forgotten()).containsExactly(old.id());
    assertThat(report.deleted()).isEmpty();
    assertThat(names(report.waiting())).containsExactly(old.objects().getFirst().name());
  }

  @Test
  void data_is_deleted_when_its_grace_period_is_over() throws IOException {
    BackupRecord old = scene.backUp("db");
    BackupRecord last = scene.backUp("db");
    scene.repository.forget(List.of(old.id()));
    scene.clock.advance(GRACE.minusSeconds(10));
    assertThat(scene.repository.forget(List.of()).deleted()).isEmpty();
    scene.clock.advance(Duration.ofSeconds(20));
    ForgetReport report = scene.repository.forget(List.of());

    assertThat(names(report.deleted())).containsExactly(old.objects().getFirst().name());
    assertThat(report.deletedSize()).isEqualTo(old.objects().getFirst().size());
    assertThat(scene.names("data/")).containsExactly(last.objects().getFirst().name().text());
    assertThat(scene.names("forgotten/")).isEmpty();
  }

  @Test
  void data_that_another_backup_needs_stays() throws IOException {
    BackupRecord full = scene.backUp("db");
    BackupRecord incremental = scene.backUp("db", full);
    scene.repository.forget(List.of(full.id()));
    scene.clock.advance(GRACE.multipliedBy(2));
    scene.repository.forget(List.of());

    assertThat(scene.listed()).containsExactly(incremental.id());
    assertThat(scene.names("data/")).hasSize(2);
    scene.assertNothingIsLost();
  }

  @Test
  void the_tombstone_is_written_before_the_index_is_deleted_and_that_before_the_data()
      throws IOException {
    BackupRecord first = scene.backUp("db");
    BackupRecord second = scene.backUp("db");
    scene.repository.forget(List.of(first.id()));
    scene.clock.advance(GRACE.multipliedBy(2));
    scene.store.clearLog();
    scene.repository.forget(List.of(second.id()));

    assertThat(changes(scene.store))
        .satisfiesExactly(
            change -> assertThat(change).startsWith("publish forgotten/"),
            change -> assertThat(change).isEqualTo("delete backups/db/" + second.id() + ".json"),
            change -> assertThat(change).isEqualTo("delete data/db/" + first.id() + ".tar.zst"),
            change -> assertThat(change).startsWith("delete forgotten/"));
  }

  private static List<String> changes(MemoryStore store) {
    return store.log().stream()
        .filter(step -> step.startsWith("publish") || step.startsWith("delete"))
        .toList();
  }

  @Test
  void a_backup_that_is_not_there_cannot_be_forgotten_and_no_other_is() throws IOException {
    BackupRecord backup = scene.backUp("db");
    BackupId missing = new BackupId("20200101T000000Z-00000000");

    assertThatThrownBy(() -> scene.repository.forget(List.of(backup.id(), missing)))
        .isInstanceOf(NoSuchBackup.class)
        .hasMessage("memory:: no such backup: " + missing);
    assertThat(scene.listed()).containsExactly(backup.id());
  }

  @ParameterizedTest
  @EnumSource(Grace.class)
  void a_preview_says_what_would_happen_and_changes_nothing(Grace grace) throws IOException {
    BackupRecord first = scene.backUp("db");
    BackupRecord second = scene.backUp("db");
    scene.backUp("db");
    scene.repository.forget(List.of(first.id()));
    scene.clock.advance(GRACE.multipliedBy(2));
    scene.store.clearLog();
    ForgetReport preview = scene.repository.previewForget(List.of(second.id()), grace);

    assertThat(changes(scene.store)).isEmpty();
    assertThat(scene.repository.forget(List.of(second.id()), grace)).isEqualTo(preview);
    assertThat(names(preview.deleted())).contains(first.objects().getFirst().name());
    assertThat(names(grace == Grace.NONE ? preview.deleted() : preview.waiting()))
        .contains(second.objects().getFirst().name());
    assertThat(preview.waiting()).hasSize(grace == Grace.NONE ? 0 : 1);
  }

  @Test
  void nothing_of_format_1_is_deleted_at_once() throws IOException {
    Scene.asInFirstRelease(scene.store);
    BackupRecord backup = scene.backUp("db");
    Repository old = Repository.openOrCreate(scene.store, scene.clock, new Random(5));

    assertThatThrownBy(() -> old.forget(List.of(backup.id()), Grace.NONE))
        .isInstanceOf(ForgetFailed.class);
    assertThat(scene.listed()).containsExactly(backup.id());
  }

  @Test
  void data_of_a_backup_that_runs_is_left_alone() throws IOException {
    BackupRecord running = scene.prepare("db", null);
    scene.clock.advance(Duration.ofDays(6));
    scene.repository.forget(List.of());
    scene.publish(running);

    scene.assertNothingIsLost();
    assertThat(scene.listed()).containsExactly(running.id());
  }

  @Test
  void data_of_a_backup_that_died_is_deleted_after_a_week_and_a_day() throws IOException {
    scene.prepare("db", null);
    scene.clock.advance(Duration.ofDays(7).plusSeconds(1));
    assertThat(scene.repository.forget(List.of()).waiting()).hasSize(1);
    scene.clock.advance(GRACE.plusSeconds(1));

    assertThat(scene.repository.forget(List.of()).deleted()).hasSize(1);
    assertThat(scene.names("")).containsExactly("repository.json");
  }

  @Test
  void it_is_deleted_also_where_a_backup_is_forgotten_every_day() throws IOException {
    BackupRecord dead = scene.prepare("db", null);
    BackupRecord last = scene.backUp("db");
    for (int day = 0; day < 10; day++) {
      scene.clock.advance(Duration.ofDays(1).plusSeconds(1));
      BackupRecord next = scene.backUp("db");
      scene.repository.forget(List.of(last.id()));
      last = next;
    }

    assertThat(scene.names("data/")).doesNotContain(dead.own().name().text());
    scene.assertNothingIsLost();
  }

  @Test
  void no_data_is_deleted_while_an_index_cannot_be_read() throws IOException {
    BackupRecord full = scene.backUp("db");
    BackupRecord incremental = scene.backUp("db", full);
    ObjectName index = RepositoryLayout.index(new VolumeName("db"), incremental.id());
    scene.store.damage(index, "oops".getBytes(StandardCharsets.UTF_8));
    scene.repository.forget(List.of(full.id()));
    scene.clock.advance(Duration.ofDays(30));
    ForgetReport report = scene.repository.forget(List.of());

    assertThat(report.deleted()).isEmpty();
    assertThat(report.damages()).extracting(Damage::index).containsExactly(index);
    assertThat(scene.names("data/")).hasSize(2);
  }

  @Test
  void a_backup_whose_index_is_damaged_can_be_forgotten() throws IOException {
    BackupRecord backup = scene.backUp("db");
    scene.store.damage(RepositoryLayout.index(new VolumeName("db"), backup.id()), new byte[] {'x'});
    ForgetReport report = scene.repository.forget(List.of(backup.id()));
    scene.clock.advance(Duration.ofDays(8));
    scene.repository.forget(List.of());
    scene.clock.advance(Duration.ofDays(2));
    scene.repository.forget(List.of());

    assertThat(report.forgotten()).containsExactly(backup.id());
    assertThat(scene.names("")).containsExactly("repository.json");
  }

  @Test
  void the_marks_of_a_forgotten_backup_go_with_it() throws IOException {
    BackupRecord old = scene.backUp("db");
    BackupRecord last = scene.backUp("db");
    for (BackupRecord backup : List.of(old, last)) {
      scene.repository.mark(backup, new Check(Level.FULL, scene.clock.instant(), List.of()));
    }
    scene.repository.forget(List.of(old.id()));

    assertThat(scene.names("checks/")).hasSize(1).allMatch(name -> name.contains(last.id().text()));
  }

  @Test
  void a_disk_that_mixes_up_cases_loses_nothing() throws IOException {
    BackupRecord backup = scene.backUp("DB");
    for (StoredObject object : scene.store.list("")) {
      byte[] bytes = scene.store.open(object.name()).readAllBytes();
      scene.store.delete(object.name());
      SmallObjects.write(
          scene.store, new ObjectName(object.name().text().replace("/DB/", "/db/")), bytes);
    }
    scene.clock.advance(Duration.ofDays(30));
    scene.repository.forget(List.of());
    scene.clock.advance(Duration.ofDays(30));
    ForgetReport report = scene.repository.forget(List.of());

    assertThat(report.deleted()).isEmpty();
    assertThat(scene.listed()).containsExactly(backup.id());
  }

  @Test
  void a_backup_on_top_of_one_that_is_forgotten_meanwhile_loses_nothing() throws IOException {
    BackupRecord parent = scene.backUp("db");
    BackupRecord running = scene.prepare("db", parent);
    scene.repository.forget(List.of(parent.id()));
    scene.clock.advance(GRACE.dividedBy(2).minusSeconds(60));
    scene.publish(running);
    scene.clock.advance(Duration.ofDays(9));
    scene.repository.forget(List.of());
    scene.clock.advance(Duration.ofDays(9));
    scene.repository.forget(List.of());

    assertThat(scene.listed()).containsExactly(running.id());
    scene.assertNothingIsLost();
  }

  @Test
  void a_backup_that_took_so_long_that_its_data_may_go_is_withdrawn() throws IOException {
    BackupRecord parent = scene.backUp("db");
    BackupRecord running = scene.prepare("db", parent);
    scene.repository.forget(List.of(parent.id()));
    scene.clock.advance(GRACE.dividedBy(2).plusSeconds(60));

    assertThatThrownBy(() -> scene.publish(running))
        .isInstanceOf(BackupWithdrawn.class)
        .hasMessage(
            "backup db: withdrawn: data/db/%s.tar.zst was forgotten meanwhile", parent.id());
    assertThat(scene.listed()).isEmpty();
  }

  @Test
  void a_backup_whose_data_is_gone_already_is_withdrawn() throws IOException {
    BackupRecord parent = scene.backUp("db");
    BackupRecord running = scene.prepare("db", parent);
    scene.repository.forget(List.of(parent.id()));
    scene.clock.advance(Duration.ofDays(3));
    scene.repository.forget(List.of());

    assertThatThrownBy(() -> scene.publish(running))
        .isInstanceOf(BackupWithdrawn.class)
        .hasMessageContaining(parent.id() + ".tar.zst is not stored in its full size");
    assertThat(scene.listed()).isEmpty();
  }

  @Test
  void an_old_tombstone_of_an_existing_parent_is_harmless() throws IOException {
    BackupRecord parent = scene.backUp("db");
    scene.dieBefore("delete backups/", () -> scene.repository.forget(List.of(parent.id())));
    scene.clock.advance(Duration.ofDays(2));
    BackupRecord child = scene.backUp("db", parent);

    assertThat(scene.listed()).containsExactly(parent.id(), child.id());
  }

  @Test
  void a_note_that_is_older_than_a_backup_deletes_no_index() throws IOException {
    BackupRecord copy = scene.prepare("db", null);
    SmallObjects.write(
        scene.store,
        new ObjectName("checks/db/" + copy.id() + "/forgotten-x.json"),
        "{\"schema\":1}".getBytes(StandardCharsets.UTF_8));
    scene.clock.advance(GRACE.plusHours(1));
    boolean[] published = new boolean[1];
    scene.store.failBefore(
        operation -> {
          if (operation.equals("list data/") && !published[0]) {
            published[0] = true;
            scene.publish(copy);
          }
        });

    scene.repository.forget(List.of());

    assertThat(published[0]).isTrue();
    assertThat(scene.listed()).containsExactly(copy.id());
  }

  private static List<ObjectName> names(List<StoredObject> objects) {
    return objects.stream().map(StoredObject::name).toList();
  }
}
