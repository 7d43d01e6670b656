package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.ForgetFailed;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedBackupsTest {
  private final BackedHost host = new BackedHost();
  private BackupId first = BackupId.next(Instant.EPOCH, new Random(1));
  private BackupId second = first;
  private BackupId web = first;

  @BeforeEach
  void three() {
    VolumeName db = host.create("db");
    first = save(db);
    // A save advances the clock by a day on this host; both backups belong to the same day.
    host.advance(Duration.ofDays(-1));
    second = save(db);
    web = save(host.create("web"));
  }

  private BackupId save(VolumeName volume) {
    host.save(volume, host.repository);
    return host.last(host.repository).id();
  }

  private NamedBackups named() {
    return named(Map.of());
  }

  private NamedBackups named(Map<String, VolumeName> archived) {
    return new NamedBackups("memory:", host.repository.list(), archived);
  }

  private List<BackupId> forgotten(boolean all, String... words) {
    return named().decide(List.of(words), _ -> true, all).stream()
        .peek(decision -> assertThat(decision.verdict().kept()).isFalse())
        .map(decision -> decision.backup().id())
        .toList();
  }

  private static String random(BackupId id) {
    return id.text().substring(id.text().indexOf('-') + 1);
  }

  @Test
  void an_id_or_enough_of_it_names_a_backup() {
    String text = first.text();
    for (String word : List.of(text, random(first), text.substring(0, 15), "db@" + random(first))) {
      assertThat(forgotten(false, word)).containsExactly(first);
    }
    assertThat(forgotten(true, text, "db@" + text, random(second))).containsExactly(first, second);
  }

  @Test
  void a_word_that_names_no_backup_or_several_stops_all() {
    String both = first.text().substring(0, 11);
    for (String word : List.of("00000000", "web@" + random(first), "db@", "db@yesterday", "db")) {
      assertThatThrownBy(() -> forgotten(false, first.text(), word))
          .isInstanceOf(NoSuchBackup.class)
          .hasMessageEndingWith("no such backup: " + word);
    }
    assertThatThrownBy(() -> forgotten(false, "db@" + both))
        .isInstanceOf(ForgetFailed.class)
        .hasMessageContaining(first + " or " + second);
  }

  @Test
  void of_two_that_forget_one_each_at_the_same_time_nobody_takes_the_last() {
    List<Decision> one = named().decide(List.of(first.text()), _ -> true, false);
    List<Decision> other = named().decide(List.of(second.text()), _ -> true, false);
    Set<ObjectName> known = host.repository.rests().known();
    rotation().run(one);
    rotation().run(other);

    assertThatThrownBy(() -> NamedBackups.requireRest(host.repository, one, known))
        .isInstanceOf(ForgetFailed.class)
        .hasMessageContaining("so " + first + " is kept");
    NamedBackups.requireRest(host.repository, other, known);

    assertThat(host.repository.list(new VolumeName("db")).backups())
        .extracting(Backup::id)
        .containsExactly(first);
    host.advance(Duration.ofDays(2));
    host.repository.forget(List.of());
    Backup left = host.repository.list(new VolumeName("db")).backups().getFirst();
    assertThat(host.verify(host.repository, left).good()).isTrue();
  }

  private Rotation rotation() {
    return new Rotation(host.repository, RetentionPolicy.KEEP_ALL, ZoneOffset.UTC, host.clock);
  }

  @Test
  void the_last_is_not_kept_without_the_data_that_another_machine_deletes_at_once() {
    List<Decision> one = named().decide(List.of(first.text()), _ -> true, false);
    Set<ObjectName> known = host.repository.rests().known();
    rotation().run(one);
    AtomicBoolean met = new AtomicBoolean();
    host.store.failBefore(
        operation -> {
          if (operation.startsWith("delete data/db/") && met.compareAndSet(false, true)) {
            assertThatThrownBy(() -> NamedBackups.requireRest(host.repository, one, known))
                .isInstanceOf(ForgetFailed.class)
                .hasMessageEndingWith("so no backup is left");
          }
        });
    host.repository.forget(List.of(second), Grace.NONE);

    assertThat(met).isTrue();
    assertThat(host.repository.list(new VolumeName("db")).backups()).isEmpty();
  }

  @Test
  void one_whose_index_cannot_be_read_is_forgotten_by_its_whole_id() {
    host.store.damage(new ObjectName("backups/db/" + first + ".json"), new byte[] {1});

    assertThat(named().unreadable(List.of(first.text()))).containsExactly(first);
    assertThat(named().unreadable(List.of("db@" + first, "web@" + first, random(first))))
        .containsExactly(first);
    assertThat(named().decide(List.of(first.text()), _ -> true, false)).isEmpty();
    assertThatThrownBy(() -> forgotten(false, random(first))).isInstanceOf(NoSuchBackup.class);
  }

  @Test
  void the_last_backup_of_a_volume_is_only_forgotten_by_force() {
    assertThatThrownBy(() -> forgotten(false, random(web)))
        .isInstanceOf(ForgetFailed.class)
        .hasMessageContaining("web of ")
        .hasMessageEndingWith("would have no backup left");
    assertThatThrownBy(() -> forgotten(false, first.text(), second.text()))
        .hasMessageContaining("db of ");
    assertThat(forgotten(true, random(web))).containsExactly(web);
  }

  @Test
  void the_last_undamaged_backup_is_only_forgotten_by_force() {
    Backup damaged = host.repository.list().find(second).orElseThrow();
    host.repository.mark(
        damaged.record(), new Check(Check.Level.FULL, Instant.EPOCH, List.of("damaged")));

    assertThatThrownBy(() -> forgotten(false, first.text()))
        .isInstanceOf(ForgetFailed.class)
        .hasMessageEndingWith(" would have only damaged backups left");
    assertThat(forgotten(true, first.text())).containsExactly(first);
    assertThat(forgotten(false, second.text())).containsExactly(second);
  }

  @Test
  void the_only_data_of_a_volume_is_not_forgotten() {
    NamedBackups named = named(Map.of(first.text(), new VolumeName("db")));
    List<String> words = List.of(first.text());
    String why = first + " has the data of volume db, which is archived";
    assertThatThrownBy(() -> named.decide(words, _ -> true, true))
        .isInstanceOf(ForgetFailed.class)
        .hasMessageEndingWith(why);
    assertThat(named.decide(List.of(second.text()), _ -> true, true)).hasSize(1);

    host.store.damage(new ObjectName("backups/db/" + first + ".json"), new byte[] {1});
    assertThatThrownBy(() -> named(named.archived()).unreadable(words))
        .isInstanceOf(ForgetFailed.class)
        .hasMessageEndingWith(why);
  }

  @Test
  void only_backups_that_are_concerned_are_found() {
    assertThatThrownBy(
            () -> named().decide(List.of(first.text()), backup -> !isFirst(backup), false))
        .isInstanceOf(NoSuchBackup.class);
  }

  private boolean isFirst(Backup backup) {
    return backup.id().equals(first);
  }

  @Test
  void a_volume_is_not_taken_for_a_backup() {
    host.save(host.create("cafe"), host.repository);

    assertThat(NamedBackups.mayBeMeant("cafe")).isTrue();
    assertThat(named().isMeant("cafe")).isFalse();
    assertThat(named().isMeant("cafe@" + random(first))).isTrue();
    assertThat(named().isMeant("beef")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "db, false",
    "db@x, true",
    "3f9a1c2e, true",
    "3f9a, true",
    "3f9, false",
    "3F9A1C2E, false",
    "20261120T10, true",
    "20261120T105801Z-3f9a1c2e, true",
    "20261120, true",
  })
  void what_may_be_a_backup(String word, boolean is) {
    assertThat(NamedBackups.mayBeMeant(word)).isEqualTo(is);
  }
}
