package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.replica.BackupChoice.Latest;
import dev.keg.backup.replica.BackupChoice.Named;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.BackupId;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.volume.VolumeName;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WhoseBackupTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  private BackupId backup(String hostName) {
    host.hostName = hostName;
    host.write(db, "file", "content of " + hostName);
    return Objects.requireNonNull(host.save(db).id());
  }

  private BackupId found(BackupChoice choice, Whose whose) {
    return choice.from(host.repository, db, whose, _ -> {}).id();
  }

  @Test
  void the_only_host_is_meant_where_none_is_named() {
    BackupId only = backup("first");

    assertThat(found(new Latest(), new Whose("second", false))).isEqualTo(only);
    assertThat(BackupChoice.volumes(host.repository.list(), new Whose("second", false)))
        .containsExactly("db");
  }

  @Test
  void nothing_of_another_host_is_taken_for_a_host_that_is_named() {
    BackupId only = backup("first");
    Whose second = new Whose("second", true);

    for (BackupChoice choice : new BackupChoice[] {new Latest(), new Named(only)}) {
      assertThatThrownBy(() -> found(choice, second))
          .isInstanceOf(NoSuchBackup.class)
          .hasMessageEndingWith(" of host second");
    }
    assertThatThrownBy(() -> BackupChoice.volumes(host.repository.list(), second))
        .isInstanceOf(InvalidRepository.class)
        .hasMessage("invalid repository: it has no backups of host second, but of first");
  }

  @Test
  void of_several_hosts_this_one_is_meant_or_the_one_that_is_named() {
    BackupId first = backup("first");
    BackupId second = backup("second");

    assertThat(found(new Latest(), new Whose("first", false))).isEqualTo(first);
    assertThat(found(new Latest(), new Whose("second", true))).isEqualTo(second);
    assertThat(found(new Named(first), new Whose("second", false))).isEqualTo(first);
    assertThatThrownBy(() -> found(new Latest(), new Whose("third", false)))
        .isInstanceOf(RestoreFailed.class);
  }
}
