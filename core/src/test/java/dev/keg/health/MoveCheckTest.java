package dev.keg.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keg.backup.BackedHost;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.pool.ArrivingCopy;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MoveCheckTest {
  private static final VolumeName RETURNING = new VolumeName("db.returning");

  private final BackedHost host = new BackedHost();
  private final MoveCheck check = new MoveCheck(host.context.services());

  @BeforeEach
  void make() {
    var _ = host.create("db");
  }

  private Volume db() {
    return host.registry.get("test", BackedHost.DB);
  }

  private VolumeHome home() {
    return host.registry.layout().home(BackedHost.DB);
  }

  private Volume returning() {
    Labels label = Labels.NONE.with(ArchivedVolume.RETURNING, db().details().id().text());
    return host.volumes
        .create(
            new VolumeRequest(
                RETURNING, Volume.DEFAULT_DRIVER, Options.NONE, label, Ownership.DEFAULT))
        .volume();
  }

  @Test
  void what_a_killed_return_left_is_removed_while_the_archive_has_the_data() {
    new ArchivedVolume("/backups", "20261129T100000Z-00000000", Size.ZERO).writeInto(home());
    Finding finding = check.returning(returning()).orElseThrow();
    assertThat(finding.remedy()).isEqualTo("remove it");
    finding.repair().orElseThrow().run();
    assertThat(host.registry.names()).containsExactly(BackedHost.DB);
    assertThat(check.returning(db())).isEmpty();
  }

  @Test
  void it_is_not_touched_when_it_may_be_the_only_copy() {
    Volume returning = returning();
    Finding finding = check.returning(returning).orElseThrow();
    assertThat(finding.repair()).isEmpty();
    assertThat(finding.remedy()).isEqualTo("keg rm db.returning");
  }

  @Test
  void an_interrupted_move_to_a_pool_is_named() {
    Path disk = host.files.getPath("/disk");
    host.registry.pools().add(new PoolName("cold"), disk);
    assertThat(check.brokenOff(db())).isEmpty();
    ArrivingCopy copy =
        new ArrivingCopy(
            host.registry.layout().places().require(new PoolName("cold")), BackedHost.DB);
    host.registry.relocations().prepare(copy);
    host.registry.relocations().note(copy, db(), Instant.EPOCH);

    assertThat(check.brokenOff(db()))
        .extracting(Finding::subject, Finding::problem)
        .containsExactly(tuple("db", "its move to pool cold was interrupted"));
  }

  @Test
  void a_note_that_cannot_be_read_is_a_finding_and_not_the_end_of_the_check() throws IOException {
    host.registry.pools().add(new PoolName("cold"), host.files.getPath("/disk"));
    ArrivingCopy copy =
        new ArrivingCopy(
            host.registry.layout().places().require(new PoolName("cold")), BackedHost.DB);
    host.registry.relocations().prepare(copy);
    Files.write(copy.place().arriving().resolve("@db"), new byte[2 << 20]);

    assertThat(check.brokenOff(db())).extracting(Finding::subject).containsExactly("db");
  }
}
