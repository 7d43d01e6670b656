package dev.keg.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.backup.retention.Age;
import dev.keg.error.VolumeException;
import dev.keg.moving.MoveRequest;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
  private final MaintainedHost keeper = new MaintainedHost();
  private final BackedHost host = keeper.host;
  private final List<String> done = keeper.done;

  @BeforeEach
  void make() {
    host.write(host.create("db"), "file", "content");
  }

  private static List<String> messages(Maintenance.Result result) {
    return result.problems().stream().map(VolumeException::getMessage).toList();
  }

  @Test
  void what_is_due_is_done_once() throws IOException {
    keeper.rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\"}");

    assertThat(keeper.maintenance().due()).extracting(Task::why).containsExactly("never backed up");
    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done).containsExactly("saved db to /backups");
    keeper.run();
    assertThat(done).isEmpty();
    host.advance(Duration.ofHours(24));
    keeper.run();
    assertThat(done).hasSize(1);
  }

  @Test
  void what_the_policy_does_not_keep_is_forgotten_of_all_volumes_at_once() throws IOException {
    host.write(host.create("mail"), "file", "content");
    keeper.rules(
        "{'backup.to':'/backups','backup.every':'1d','backup.keep':'last=1'}".replace('\'', '"'));
    keeper.run();
    host.advance(Duration.ofHours(24));

    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done)
        .containsExactly("saved db to /backups", "saved mail to /backups", "forgot 2 in /backups");
    assertThat(keeper.backups("/backups", "db")).hasSize(1);
    assertThat(keeper.backups("/backups", "mail")).hasSize(1);
  }

  @Test
  void snapshots_are_made_and_removed_as_the_policy_says() throws IOException {
    keeper.rules("{\"snapshot.every\":\"1d\",\"snapshot.keep\":\"last=2\"}");
    keeper.label("db", "keg.snapshot.every", "6h");
    Snapshotting snapshots = new Snapshotting(host.context.services(), host.context.trees());
    var _ = snapshots.create(request("mine", Optional.empty()));

    assertThat(keeper.maintenance().due()).extracting(Task::why).containsExactly("never made");
    for (int i = 0; i < 4; i++) {
      assertThat(keeper.run().problems()).isEmpty();
      assertThat(done).contains("kept db");
      keeper.run();
      assertThat(done).isEmpty();
      host.advance(Duration.ofHours(6));
    }

    assertThat(snapshots.list("db", List.of(), _ -> {})).hasSize(3);
    assertThat(snapshots.list("db", List.of(), _ -> {})).filteredOn(Snapshot::scheduled).hasSize(2);
    assertThat(snapshots.list("db", List.of(), _ -> {}).getFirst().name().text()).isEqualTo("mine");
  }

  @Test
  void a_drill_s_volume_has_no_policy() throws IOException {
    VolumeName scratch = host.create("drill.db.00000000");
    Files.createFile(host.registry.layout().home(scratch).file("drill.lock"));
    keeper.rules(
        "{\"snapshot.every\":\"1d\"}", "{\"backup.every\":\"1d\",\"backup.to\":\"/backups\"}");

    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done).containsExactly("kept db", "saved db to /backups");
  }

  @Test
  void a_snapshot_goes_when_it_expires_unless_its_volume_is_protected() {
    Snapshotting snapshots = new Snapshotting(host.context.services(), host.context.trees());
    var _ = snapshots.create(request("week", Optional.of(Age.parse("7d"))));
    var _ = snapshots.create(request("ever", Optional.empty()));
    keeper.run();
    assertThat(done).isEmpty();
    host.advance(Duration.ofDays(7));

    VolumeName db = new VolumeName("db");
    var volume = host.registry.find(db).orElseThrow();
    host.registry.replace(volume, now -> now.withProtection(Protection.always()));
    assertThat(keeper.run().due()).isZero();
    host.registry.replace(volume, _ -> volume);
    assertThat(keeper.run().due()).isEqualTo(1);
    assertThat(done).containsExactly("removed db@week");
    assertThat(snapshots.list("db", List.of(), _ -> {}))
        .extracting(one -> one.name().text())
        .containsExactly("ever");
  }

  private static SnapshotRequest request(String name, Optional<Age> expires) {
    return new SnapshotRequest("db", Optional.of(new SnapshotName(name)), expires, false);
  }

  @Test
  void a_volume_moves_between_pools_by_its_last_use_and_its_size() throws IOException {
    host.write(host.create("large"), "file", "x".repeat(2000));
    for (String pool : List.of("warm", "cold")) {
      host.registry.pools().add(new PoolName(pool), host.files.getPath("/" + pool));
    }
    keeper.rules(
        "{\"pool\":\"default\"}",
        "{\"unused\":\"7d\",\"pool\":\"warm\"}",
        "{\"unused\":\"90d\",\"pool\":\"cold\"}",
        "{\"above\":\"1k\",\"pool\":\"warm\"}");

    assertThat(keeper.maintenance().due())
        .extracting(Task::why)
        .containsExactly("in pool default, but rule 4 says warm");
    keeper.run();
    assertThat(done).containsExactly("moved large to warm");
    keeper.run();
    assertThat(done).isEmpty();
    host.advance(Duration.ofDays(7));
    keeper.run();
    assertThat(done).containsExactly("moved db to warm");
    host.advance(Duration.ofDays(83));
    keeper.run();
    assertThat(done).containsExactly("moved db to cold");
    assertThat(host.content(BackedHost.DB)).containsExactly("file=content");

    Attachment.Disk disk = new Attachment.Disk("vm1", "vda", false, host.now());
    host.attachments.add(BackedHost.DB, disk);
    assertThat(keeper.maintenance().due()).isEmpty();
    // The directory has the time of the real clock, which is before the volume's creation by the
    // host's clock.
    host.attachments.remove(BackedHost.DB, disk);
    Files.setLastModifiedTime(
        host.registry.layout().attachments(host.registry.layout().home(BackedHost.DB)),
        FileTime.from(host.now()));
    keeper.run();
    assertThat(done).containsExactly("moved db to default");
  }

  @Test
  void a_label_chooses_the_pool_of_a_volume_and_a_missing_pool_is_reported() throws IOException {
    host.write(host.create("web"), "file", "content");
    host.registry.pools().add(new PoolName("fast"), host.files.getPath("/fast"));
    keeper.rules("{\"pool\":\"default\"}");
    keeper.label("web", "keg.pool", "slow");
    keeper.label("db", "keg.pool", "fast");

    assertThat(messages(keeper.run()))
        .containsExactly("web: pool (label keg.pool): no such pool: slow");
    assertThat(done).containsExactly("moved db to fast");
  }

  @Test
  void a_volume_that_is_to_stay_by_then_does_not_move_after_another() throws IOException {
    host.write(host.create("web"), "file", "content");
    host.registry.pools().add(new PoolName("fast"), host.files.getPath("/fast"));
    keeper.rules("{\"pool\":\"fast\"}");
    keeper.afterMove = () -> keeper.label("web", "keg.pool", "default");

    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done).containsExactly("moved db to fast");
  }

  @Test
  void the_backup_of_an_archived_volume_is_still_verified() throws IOException {
    keeper.rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"7d\"}");
    keeper.run();
    host.registry.pools().addArchive(new PoolName("archive"), "/backups");
    var _ =
        keeper
            .relocating()
            .move(MoveRequest.of(BackedHost.DB, Optional.empty()), new PoolName("archive"));
    host.advance(Duration.ofDays(8));
    assertThat(keeper.maintenance().due()).hasSize(1);
    assertThat(messages(keeper.run())).isEmpty();
    assertThat(done).containsExactly("verified db true");
  }

  @Test
  void an_archive_by_policy_gives_up_what_the_policy_made_and_nothing_else() throws IOException {
    keeper.rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"snapshot.every\":\"1d\"}");
    Snapshotting snapshots = new Snapshotting(host.context.services(), host.context.trees());
    var _ = snapshots.create(request("mine", Optional.empty()));
    keeper.run();
    host.registry.pools().addArchive(new PoolName("archive"), "/backups");
    keeper.label("db", "keg.pool", "archive");

    assertThat(messages(keeper.run()))
        .containsExactly("move db: it has snapshots, which an archive does not keep - [mine]");
    snapshots.remove("db", new SnapshotName("mine"));
    var volume = host.registry.find(BackedHost.DB).orElseThrow();
    host.registry.replace(volume, now -> now.withProtection(Protection.always()));
    assertThat(messages(keeper.run())).singleElement().asString().contains("it has snapshots");
    host.registry.replace(volume, _ -> volume);
    assertThat(snapshots.list("db", List.of(), _ -> {})).hasSize(1);
    assertThat(messages(keeper.run())).isEmpty();
    assertThat(done).containsExactly("moved db to archive");
    assertThat(host.registry.snapshots().names(BackedHost.DB)).isEmpty();
  }

  @Test
  void no_volume_moves_unasked_to_a_disk_that_it_would_fill() throws IOException {
    host.registry.pools().add(new PoolName("warm"), host.files.getPath("/warm"));
    keeper.rules("{\"pool\":\"warm\"}");
    ZonedDateTime now = host.now().atZone(ZoneOffset.UTC);
    FixedFacts facts = new FixedFacts(now, now, new Size(Long.MAX_VALUE));
    Policies policies = Policies.read(host.registry.layout().policy());
    List<VolumeException> problems = new ArrayList<>();
    new PoolUpkeep(
            new UpkeptVolumes(policies, host.context, facts), keeper.relocating(), problems::add)
        .run(task -> done.add(task.volume().text()));
    assertThat(problems)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("which would fill pool warm"));
    assertThat(done).isEmpty();
  }

  @Test
  void a_policy_that_cannot_be_understood_is_reported_once() {
    keeper.label("db", "keg.snapshot.evry", "1d");

    assertThat(messages(keeper.run())).containsExactly("db: unknown label keg.snapshot.evry");
  }

  @Test
  void nothing_is_done_without_a_policy() {
    assertThat(keeper.run().due()).isZero();
    assertThat(done).isEmpty();
  }

  @Test
  void a_repository_that_missed_a_backup_gets_it() throws IOException {
    keeper.rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\"}");
    keeper.run();
    keeper.rules("{\"backup.to\":\"/backups,/replica\",\"backup.every\":\"1d\"}");

    keeper.run();

    assertThat(done).containsExactly("saved db to /replica");
  }

  @Test
  void a_failure_does_not_stop_the_rest() throws IOException {
    host.write(host.create("web"), "file", "content");
    keeper.rules(
        "{\"backup.to\":\"/backups\",\"backup.every\":\"1d\"}",
        "{\"name\":\"db\",\"backup.to\":\"/nowhere\"}");

    Maintenance.Result result = keeper.run();

    assertThat(messages(result)).singleElement().asString().contains("/nowhere");
    assertThat(done).containsExactly("saved web to /backups");
  }

  @Test
  void a_label_does_not_choose_where_data_goes() throws IOException {
    keeper.label("db", "keg.backup.to", "/replica");
    keeper.label("db", "keg.backup.every", "1d");

    assertThat(messages(keeper.run()))
        .containsExactly("db: label keg.backup.to names /replica, which this root does not trust");
    assertThat(keeper.places.getPath("/replica")).isEmptyDirectory();

    keeper.rules("{\"name\":\"other\",\"backup.to\":\"/replica\",\"backup.every\":\"1d\"}");
    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done).containsExactly("saved db to /replica");

    keeper.rules();
    host.advance(Duration.ofDays(1));
    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done).containsExactly("saved db to /replica");
  }

  @Test
  void the_newest_backup_is_verified_when_that_is_due() throws IOException {
    keeper.rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"3d\"}");
    List<Integer> verified = new ArrayList<>();
    for (int day = 0; day < 7; day++) {
      keeper.run();
      if (done.contains("verified db true")) {
        verified.add(day);
      }
      host.advance(Duration.ofDays(1));
    }

    assertThat(verified).containsExactly(0, 3, 6);
  }

  @Test
  void a_drill_is_a_verification_too() throws IOException {
    keeper.rules(
        "{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"2d\",\"backup.drill\":\"4d\"}");
    List<String> proofs = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      assertThat(keeper.run().problems()).isEmpty();
      int today = day;
      done.stream()
          .filter(text -> !text.startsWith("saved"))
          .forEach(text -> proofs.add(today + " " + text));
      host.advance(Duration.ofDays(1));
    }

    assertThat(proofs).containsExactly("0 drilled db", "2 verified db true", "4 drilled db");
    assertThat(host.registry.names()).hasSize(1);
  }

  @Test
  void a_drill_that_cannot_restore_everything_is_a_problem_and_remains_due() throws IOException {
    keeper.rules(
        "{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"9d\",\"backup.drill\":\"9d\"}");
    keeper.context = host.losing("file");
    for (int day = 0; day < 2; day++) {
      assertThat(keeper.run().problems())
          .singleElement()
          .asString()
          .contains("drill db: not everything could be restored");
      assertThat(done).containsExactly("saved db to /backups");
      host.advance(Duration.ofDays(1));
    }

    keeper.context = host.context;
    assertThat(keeper.run().problems()).isEmpty();
    assertThat(done).contains("drilled db");
  }

  @Test
  void a_command_runs_only_from_the_file() throws IOException {
    keeper.rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.pre\":\"stop it\"}");
    keeper.run();
    assertThat(keeper.programs.started()).anyMatch(line -> line.getLast().contains("stop it"));

    keeper.label("db", "keg.backup.pre", "rm -r /");
    host.advance(Duration.ofDays(1));

    assertThat(messages(keeper.run()))
        .containsExactly("db: label keg.backup.pre: a label cannot name a command");
  }
}
