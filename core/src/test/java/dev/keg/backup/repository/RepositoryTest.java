package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreException;
import dev.keg.error.BackupException.NoRepository;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
  private final Scene scene = new Scene();

  @Test
  void a_place_without_backups_is_not_a_repository() {
    assertThatThrownBy(() -> open(new MemoryStore(scene.clock)))
        .isInstanceOf(NoRepository.class)
        .hasMessage("memory:: no repository here");
  }

  @Test
  void a_repository_is_begun_once() throws IOException {
    byte[] first = scene.store.open(RepositoryLayout.DESCRIPTION).readAllBytes();
    Repository.openOrCreate(scene.store, scene.clock, new Random(2));

    assertThat(scene.store.open(RepositoryLayout.DESCRIPTION).readAllBytes()).isEqualTo(first);
    assertThat(new String(first, StandardCharsets.UTF_8))
        .matches(
            "\\{\"schema\":2,\"created\":\"2026-11-20T10:58:01.500Z\",\"id\":\"[0-9a-f-]{36}\",\"key\":\"[0-9a-f]{32}\"}\n");
  }

  @Test
  void of_two_that_begin_a_repository_at_once_the_first_wins() throws IOException {
    MemoryStore store = new MemoryStore(scene.clock);
    store.failBefore(
        operation -> {
          if (operation.equals("publish repository.json")) {
            store.heal();
            Repository.openOrCreate(store, scene.clock, new Random(7));
          }
        });
    Repository.openOrCreate(store, scene.clock, new Random(8));

    assertThat(store.list("")).hasSize(1);
  }

  @Test
  void a_repository_of_a_newer_schema_is_not_touched() {
    describe("{\"schema\":3,\"whatever\":true}");

    assertThatThrownBy(() -> open(scene.store))
        .isInstanceOf(NewerSchema.class)
        .hasMessage("memory:: repository.json has schema 3, but this version of keg knows only 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"schema\":1}",
        "{\"schema\":2,\"created\":\"\",\"id\":\"\"}",
        "{\"schema\":1,\"created\":\"\",\"id\":\"\",\"x\":1}"
      })
  void a_damaged_description_is_an_error(String text) {
    describe(text);

    assertThatThrownBy(() -> open(scene.store))
        .isInstanceOf(RepositoryFailed.class)
        .hasMessageStartingWith("memory:: open: repository.json is damaged: ");
  }

  @Test
  void backups_are_found_without_a_description() throws IOException {
    BackupRecord backup = scene.backUp("db");
    scene.store.delete(RepositoryLayout.DESCRIPTION);

    assertThat(open(scene.store).list().find(backup.id())).isPresent();
  }

  @Test
  void a_published_backup_is_listed_as_it_was_given() throws IOException {
    BackupRecord full = scene.backUp("db");
    BackupRecord incremental = scene.backUp("db", full);

    assertThat(scene.repository.list().backups())
        .extracting(Backup::record)
        .containsExactly(full, incremental);
  }

  @Test
  void a_backup_exists_only_once_its_index_is_written() throws IOException {
    scene.prepare("db", null);

    assertThat(scene.listed()).isEmpty();
  }

  @Test
  void the_index_is_the_last_thing_written() throws IOException {
    scene.store.clearLog();
    BackupRecord backup = scene.backUp("db");

    assertThat(scene.store.log().stream().filter(operation -> operation.startsWith("publish")))
        .containsExactly(
            "publish data/db/" + backup.id() + ".tar.zst",
            "publish backups/db/" + backup.id() + ".json");
  }

  @Test
  void the_backups_of_one_volume_are_listed() throws IOException {
    BackupRecord db = scene.backUp("db");
    scene.backUp("db2");

    assertThat(scene.repository.list(new VolumeName("db")).backups())
        .extracting(Backup::record)
        .containsExactly(db);
    assertThat(scene.repository.list(new VolumeName("none")).backups()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "{\"schema\":1}",
        "{\"schema\":2,\"created\":\"\",\"id\":\"\"}",
        "{\"schema\":99,\"all\":\"new\"}",
        "{\"schema\":1,\"id\":7}"
      })
  void a_damaged_index_is_reported_and_hides_no_other(String text) throws IOException {
    BackupRecord first = scene.backUp("db");
    BackupRecord damaged = scene.backUp("db");
    BackupRecord last = scene.backUp("db");
    ObjectName index = RepositoryLayout.index(new VolumeName("db"), damaged.id());
    scene.store.damage(index, text.getBytes(StandardCharsets.UTF_8));
    BackupCatalog catalog = scene.repository.list();

    assertThat(catalog.backups()).extracting(Backup::record).containsExactly(first, last);
    assertThat(catalog.damages()).extracting(Damage::index).containsExactly(index);
  }

  @Test
  void an_index_of_a_newer_keg_is_to_be_read_by_it_and_not_to_be_forgotten() throws IOException {
    ObjectName index = RepositoryLayout.index(new VolumeName("db"), scene.backUp("db").id());
    scene.store.damage(index, "{\"schema\":99,\"all\":\"new\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(scene.repository.list().problems("/srv"))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.hint().orElseThrow())
                    .startsWith("use the newer version that wrote it")
                    .doesNotContain("forget"));
  }

  @Test
  void an_index_under_a_wrong_name_is_damaged() throws IOException {
    BackupRecord one = scene.backUp("db");
    BackupRecord two = scene.backUp("db");
    scene.store.damage(
        RepositoryLayout.index(new VolumeName("db"), two.id()), BackupFile.write(one));

    assertThat(scene.repository.list().damages())
        .extracting(Damage::why)
        .containsExactly("it is the index of " + one.id());
  }

  @Test
  void what_does_not_belong_to_the_repository_is_ignored() throws IOException {
    SmallObjects.write(scene.store, new ObjectName("backups/README.txt"), new byte[3]);
    SmallObjects.write(scene.store, new ObjectName("backups/db/notes.json"), new byte[3]);
    SmallObjects.write(scene.store, new ObjectName("checks/db/x/y.json"), new byte[3]);

    assertThat(scene.repository.list()).isEqualTo(new BackupCatalog(List.of(), List.of()));
  }

  @Test
  void a_backup_that_is_forgotten_while_the_list_is_read_is_not_listed() throws IOException {
    BackupRecord backup = scene.backUp("db");
    ObjectName index = RepositoryLayout.index(new VolumeName("db"), backup.id());
    scene.store.failBefore(
        operation -> {
          if (operation.startsWith("read backups/")) {
            scene.store.heal();
            scene.store.delete(index);
          }
        });

    assertThat(scene.repository.list()).isEqualTo(new BackupCatalog(List.of(), List.of()));
  }

  @Test
  void a_store_that_fails_is_an_error_and_not_an_empty_list() throws IOException {
    scene.backUp("db");
    scene.store.failBefore(
        operation -> {
          if (operation.startsWith("read backups/")) {
            throw new StoreException.Unavailable("memory:", "read", "gone", null);
          }
        });

    assertThatThrownBy(scene.repository::list)
        .isInstanceOf(RepositoryFailed.class)
        .hasMessage("memory:: read: gone");
  }

  @Test
  void backups_of_one_volume_and_host_make_a_history() throws IOException {
    BackupRecord one = scene.backUp("db");
    BackupRecord web = scene.backUp("web");
    BackupRecord two = scene.backUp("db");

    assertThat(scene.repository.list().histories())
        .extracting(history -> history.stream().map(Backup::record).toList())
        .containsExactly(List.of(one, two), List.of(web));
  }

  @Test
  void ids_sort_by_time_and_do_not_meet() {
    BackupId first = scene.repository.nextId();
    BackupId same = scene.repository.nextId();
    scene.clock.advance(Duration.ofMillis(1));
    BackupId soon = scene.repository.nextId();
    scene.clock.advance(Duration.ofSeconds(1));

    assertThat(same).isNotEqualTo(first);
    assertThat(soon).isGreaterThan(first).isGreaterThan(same);
    assertThat(scene.repository.nextId()).isGreaterThan(soon);
    assertThat(first.text()).matches("20261120T105801Z-[0-9a-f]{8}");
    assertThat(first.time()).isEqualTo("2026-11-20T10:58:01Z");
  }

  private Repository open(MemoryStore store) {
    return Repository.open(store, scene.clock, new Random(1));
  }

  private void describe(String text) {
    scene.store.damage(RepositoryLayout.DESCRIPTION, text.getBytes(StandardCharsets.UTF_8));
  }
}
