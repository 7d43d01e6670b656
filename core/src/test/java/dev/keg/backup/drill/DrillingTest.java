package dev.keg.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.backup.BackedHost;
import dev.keg.backup.drill.Drilling.Proof;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.BackupException.DrillFailed;
import dev.keg.program.ShellLine;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.TreeListener;
import dev.keg.volume.VolumeName;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrillingTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final List<List<String>> commands = new ArrayList<>();
  private int status;

  @BeforeEach
  void back_up() {
    byte[] noise = new byte[2 << 20];
    new Random(1).nextBytes(noise);
    host.write(db, "dir/a", "1");
    host.write(db, "noise", new String(noise, StandardCharsets.ISO_8859_1));
    host.save(db);
  }

  private Drilling drilling(boolean command, boolean keep) {
    return drilling(host.context, command, keep);
  }

  private Drilling drilling(BackupContext context, boolean command, boolean keep) {
    FakePrograms programs =
        new FakePrograms(
            line -> {
              commands.add(line);
              return new FakePrograms.Result(status, "", "");
            });
    ShellLine shell = new ShellLine(programs, OutputStream.nullOutputStream());
    return new Drilling(
        context,
        host.repository,
        true,
        command
            ? Optional.of(new DrillProgram(shell, "count rows", Duration.ofMinutes(1)))
            : Optional.empty(),
        keep,
        2);
  }

  private Backup newest() {
    return host.repository.list(db).backups().getLast();
  }

  private List<String> volumes() {
    return host.registry.names().stream().map(VolumeName::text).toList();
  }

  @Test
  void a_backup_that_can_be_restored_is_proven_and_nothing_is_left() {
    Proof proof = drilling(false, false).drill(newest(), TreeListener.NONE);

    assertThat(proof.volume()).isEmpty();
    assertThat(proof.took()).isPositive();
    assertThat(volumes()).containsExactly("db");
    Check check = host.repository.checks(newest().record()).getLast();
    assertThat(check.level()).isEqualTo(Level.DRILL);
    assertThat(check.took()).isEqualTo(proof.took());
    assertThat(proof.loss()).isEmpty();
    assertThat(newest().checks().verified()).isTrue();
    assertThat(newest().checks().drilled()).isTrue();
  }

  @Test
  void what_the_scratch_volume_cannot_take_is_compared_but_not_proven() {
    Proof proof = drilling(host.losing("dir/a"), false, false).drill(newest(), TreeListener.NONE);

    assertThat(proof.loss()).isPresent();
    assertThat(host.repository.checks(newest().record()))
        .singleElement()
        .extracting(Check::level)
        .isEqualTo(Level.DEEP);
    assertThat(newest().checks().verified()).isTrue();
    assertThat(newest().checks().drilled()).isFalse();
  }

  private Map<BackupId, Duration> times() {
    return Check.restoreTimes(host.repository.store(), host.repository.list().backups());
  }

  @Test
  void the_time_that_a_restore_took_is_read_for_the_drilled_backups_only() {
    assertThat(times()).isEmpty();
    Proof proof = drilling(false, false).drill(newest(), TreeListener.NONE);
    BackupId drilled = newest().id();
    host.save(db);
    host.verify(host.repository, newest());

    assertThat(times()).containsExactly(Map.entry(drilled, proof.took()));
    drilling(false, false).drill(newest(), TreeListener.NONE);
    assertThat(times()).containsOnlyKeys(drilled, newest().id());
  }

  @Test
  void a_drill_whose_record_is_damaged_has_no_time() throws Exception {
    drilling(false, false).drill(newest(), TreeListener.NONE);
    for (StoredObject check : host.store.list("checks/")) {
      host.store.damage(check.name(), new byte[] {1});
    }

    assertThat(times()).isEmpty();
    assertThat(newest().checks().drilled()).isTrue();
  }

  @Test
  void a_command_is_told_where_the_restored_data_is() {
    drilling(true, false).drill(newest(), TreeListener.NONE);

    List<String> line = commands.getFirst();
    assertThat(line)
        .startsWith("env", "KEG_VOLUME=db", "KEG_BACKUP=" + newest().id())
        .containsSequence("keg-drill", "timeout", "-k", "10", "60", "sh", "-c");
    assertThat(line.get(3)).matches("KEG_PATH=/keg/volumes/drill\\.db\\.[0-9a-f]{8}/_data");
    assertThat(line.getLast()).endsWith("count rows");
  }

  @Test
  void a_command_that_fails_proves_nothing_and_says_nothing_against_the_data() {
    status = 3;
    assertThatExceptionOfType(DrillFailed.class)
        .isThrownBy(() -> drilling(true, false).drill(newest(), TreeListener.NONE))
        .withMessage("drill db: the command ended with status 3: count rows");
    assertThat(volumes()).containsExactly("db");
    assertThat(newest().checks().marks()).isEmpty();
  }

  @Test
  void a_volume_is_kept_on_request_and_is_one_like_any_other() {
    status = 3;
    assertThatExceptionOfType(DrillFailed.class)
        .isThrownBy(() -> drilling(true, true).drill(newest(), TreeListener.NONE));
    Proof proof = drilling(false, true).drill(newest(), TreeListener.NONE);

    assertThat(volumes()).hasSize(3);
    assertThat(host.content(proof.volume().orElseThrow())).isEqualTo(host.content(db));
    drilling(false, false).sweep();
    assertThat(volumes()).hasSize(3);
  }

  @Test
  void damage_is_found_and_recorded_and_no_scratch_volume_stays() throws Exception {
    var data = newest().record().own();
    ByteBuffer bytes = ByteBuffer.allocate((int) data.size().bytes());
    host.store.read(data.name(), 0, bytes);
    bytes.array()[1 << 20] ^= 1;
    host.store.damage(data.name(), bytes.array());

    assertThatExceptionOfType(BackupDamaged.class)
        .isThrownBy(() -> drilling(false, false).drill(newest(), TreeListener.NONE))
        .withMessageContaining("noise cannot be restored");
    assertThat(newest().checks().damaged()).isTrue();
    assertThat(volumes()).containsExactly("db");
  }

  @Test
  void what_a_killed_drill_left_goes_and_what_looks_like_it_stays() throws Exception {
    VolumeName alike = host.create("drill.db.00000000");
    var _ = ScratchVolume.create(host.context, db, "killed");
    assertThat(volumes()).hasSize(3);
    String scratch =
        volumes().stream()
            .filter(name -> !List.of(db.text(), alike.text()).contains(name))
            .findFirst()
            .orElseThrow();
    var _ =
        new Snapshotting(host.context.services(), host.context.trees())
            .create(new SnapshotRequest(scratch, Optional.empty(), Optional.empty(), false));

    drilling(false, false).sweep();
    assertThat(volumes()).containsExactlyInAnyOrder("db", "drill.db.00000000");
    Files.createFile(host.registry.layout().home(db).file("drill.lock"));
    drilling(false, false).sweep();
    assertThat(volumes()).contains("db", alike.text());
  }

  @Test
  void a_volume_with_a_long_name_has_a_scratch_volume() {
    VolumeName longest = host.create("x".repeat(240));
    host.save(longest);
    Backup backup = host.repository.list(longest).backups().getLast();
    drilling(false, false).drill(backup, TreeListener.NONE);
    assertThat(volumes()).hasSize(2);
  }
}
