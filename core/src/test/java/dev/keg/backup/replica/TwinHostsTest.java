package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.lifecycle.Removal;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two machines with one name that back up volumes of one name to one repository. */
class TwinHostsTest {
  private static final int DAYS = 4;

  private final BackedHost host = new BackedHost();
  private final BackedHost twin = new BackedHost();
  private final VolumeName db = host.create("db");

  TwinHostsTest() {
    twin.create("db");
  }

  /** Backs up to the first host's repository; returns the warnings. */
  private List<String> backUp(BackedHost which) {
    which.notes.clear();
    which.save(db, host.repository);
    return which.notes.stream().filter(note -> note.startsWith("warning ")).toList();
  }

  private BackupRecord last() {
    return host.last(host.repository);
  }

  private Path remembered() {
    return host.registry.layout().written(host.registry.layout().home(db)).resolve("last.json");
  }

  private void keepLast() {
    List<BackupId> all = host.repository.list().backups().stream().map(Backup::id).toList();
    host.repository.forget(all.subList(0, all.size() - 1));
  }

  @Test
  void those_that_take_turns_are_told_once_each_has_found_the_other_twice() {
    assertThat(backUp(host)).isEmpty();
    assertThat(backUp(twin)).isEmpty();
    assertThat(backUp(host)).isEmpty();
    assertThat(backUp(twin)).isEmpty();
    BackupId other = last().id();

    assertThat(backUp(host))
        .containsExactly(
            "warning db: another root or machine also backs it up as host h, such as %s; retention counts both as one: name one of them with `keg config host`, KEG_HOST or --host"
                .formatted(other));
    assertThat(backUp(twin)).hasSize(1);
    assertThat(backUp(twin)).as("nothing new from the other").isEmpty();
    assertThat(backUp(host)).hasSize(1);
  }

  @Test
  void one_whose_backups_the_other_forgets_is_told() {
    for (int day = 1; day < DAYS; day++) {
      assertThat(backUp(host)).hasSize(day < 3 ? 0 : 1);
      keepLast();
      assertThat(backUp(twin)).hasSize(day < 3 ? 0 : 1);
      keepLast();
    }
  }

  @Test
  void a_rare_twin_is_told_of() {
    for (int day = 0; day < DAYS; day++) {
      assertThat(backUp(host)).isEmpty();
    }
    backUp(twin);
    for (int day = 0; day < DAYS; day++) {
      assertThat(backUp(host)).isEmpty();
    }
    backUp(twin);

    assertThat(backUp(host)).hasSize(1);
  }

  @Test
  void a_machine_that_was_installed_again_finds_its_backups_and_no_twin() {
    backUp(host);
    backUp(host);

    for (int day = 0; day < DAYS; day++) {
      assertThat(backUp(twin)).isEmpty();
      assertThat(last().parent()).isNotNull();
    }
  }

  @Test
  void a_root_that_was_restored_is_not_its_own_twin() throws IOException {
    backUp(host);
    byte[] before = Files.readAllBytes(remembered());
    backUp(host);
    backUp(host);
    Files.write(remembered(), before);

    for (int day = 0; day < DAYS; day++) {
      assertThat(backUp(host)).isEmpty();
    }
  }

  @Test
  void machines_that_share_a_chosen_name_are_no_twins() {
    host.nameChosen = true;
    twin.nameChosen = true;

    for (int day = 0; day < DAYS; day++) {
      assertThat(backUp(host)).isEmpty();
      assertThat(backUp(twin)).isEmpty();
    }
  }

  @Test
  void a_host_with_another_name_is_no_twin_although_a_backup_builds_on_its_own() {
    twin.hostName = "twin";

    for (int day = 0; day < DAYS; day++) {
      host.hostName = "container" + day;
      assertThat(backUp(host)).isEmpty();
      assertThat(backUp(twin)).isEmpty();
    }
    host.hostName = "container";
    BackupId other = last().id();
    assertThat(backUp(host)).isEmpty();
    assertThat(last().parent()).isEqualTo(other);
  }

  @Test
  void two_commands_of_one_host_at_once_are_no_twins() {
    for (int day = 0; day < DAYS; day++) {
      AtomicBoolean reading = new AtomicBoolean();
      host.holding.onRead =
          () -> {
            if (!reading.getAndSet(true)) {
              host.save(db, host.request(BackedHost.programs(_ -> true), false), host.repository);
            }
          };
      assertThat(backUp(host)).isEmpty();
      assertThat(reading).isTrue();
    }
  }

  @Test
  void without_a_sound_memory_a_backup_is_made_and_remembered() throws IOException {
    backUp(host);
    for (String damaged : List.of("", "{", "{\"schema\":1,\"own\":\"last week\"}")) {
      Files.writeString(remembered(), damaged);

      assertThat(backUp(host)).isEmpty();
      assertThat(remembered()).hasContent("{\"schema\":1,\"own\":\"%s\"}".formatted(last().id()));
    }
    Files.delete(remembered());
    assertThat(backUp(host)).isEmpty();
    assertThat(remembered()).exists();
  }

  @Test
  void what_is_remembered_of_a_removed_volume_goes_with_it() {
    backUp(host);
    backUp(twin);
    backUp(host);
    host.volumes.remove("db", Removal.Mode.NORMAL);
    host.create("db");
    backUp(twin);

    assertThat(backUp(host)).isEmpty();
  }
}
