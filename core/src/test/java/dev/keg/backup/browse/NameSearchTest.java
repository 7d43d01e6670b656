package dev.keg.backup.browse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.browse.NameSearch.Matches;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.Backup;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NameSearchTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  @BeforeEach
  void four_backups() throws Exception {
    host.write(db, "dir/a.txt", "1");
    host.write(db, "dir/b", "x");
    host.save(db);
    host.write(db, "dir/a.txt", "changed");
    host.write(db, "other/a.txt", "2");
    host.save(db);
    host.save(db);
    Files.delete(host.data(db).resolve("dir/a.txt"));
    host.save(db);
  }

  private Matches search(String... patterns) {
    return new NameSearch(
            new Browsing(host.repository, new Whose("h", false), _ -> {}), List.of(patterns))
        .in(history());
  }

  private List<Backup> history() {
    return host.repository.list(db).backups();
  }

  private List<String> events(String... patterns) {
    List<Backup> all = history();
    return search(patterns).events().stream()
        .map(
            event ->
                "%s %s in %d"
                    .formatted(
                        event.change().path(), event.change().kind(), all.indexOf(event.backup())))
        .toList();
  }

  @Test
  void a_name_is_followed_through_all_backups() {
    assertThat(events("a.txt"))
        .containsExactly(
            "dir/a.txt appeared in 0",
            "dir/a.txt changed in 1",
            "dir/a.txt vanished in 3",
            "other/a.txt appeared in 1");
    assertThat(events("*.txt")).isEqualTo(events("a.txt"));
    assertThat(events("db:a.txt")).isEqualTo(events("a.txt"));
    assertThat(events("nope", "other:a.txt", "db:", "../x")).isEmpty();
    assertThat(events("dir/../b")).isEmpty();
  }

  @Test
  void a_path_is_looked_up_and_nothing_else_is_read() {
    assertThat(events("dir/a.txt"))
        .containsExactly(
            "dir/a.txt appeared in 0", "dir/a.txt changed in 1", "dir/a.txt vanished in 3");
    assertThat(events("/dir/b", "other/a.txt")).hasSize(2);
    host.store.clearLog();
    List<Backup> all = history();
    host.store.clearLog();
    new NameSearch(new Browsing(host.repository, new Whose("h", false), _ -> {}), List.of("dir/b"))
        .in(all);
    assertThat(host.store.log()).hasSizeLessThanOrEqualTo(2 * all.size());
  }

  @Test
  void a_wrong_pattern_for_another_volume_reads_nothing() {
    List<Backup> all = history();
    host.store.clearLog();
    new NameSearch(
            new Browsing(host.repository, new Whose("h", false), _ -> {}), List.of("other:*"))
        .in(all);
    assertThat(host.store.log()).isEmpty();
  }

  @Test
  void a_damaged_backup_hides_no_other() {
    host.store.damage(history().get(1).record().own().name(), new byte[1000]);
    Matches found = search("a.txt");
    // the next backup is the same archive, in which nothing changed
    assertThat(found.problems()).hasSize(2);
    assertThat(found.events()).hasSize(3);
  }
}
