package dev.keg.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.backup.drill.Drilling.Proof;
import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.replica.RepositoryMemory;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.retention.Age;
import dev.keg.backup.retention.Retention;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.Throttle;
import dev.keg.moving.Archives;
import dev.keg.moving.MoveRequest;
import dev.keg.moving.MoveTools;
import dev.keg.moving.Relocating;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
  private static final String RULES = "{\"schema\":1,\"rules\":[%s]}";

  private final BackedHost host = new BackedHost();
  private final FakePrograms programs = new FakePrograms(_ -> new FakePrograms.Result(0, "", ""));
  private final List<String> done = new ArrayList<>();

  // Its files have the times of the host's clock, so that grace periods end.
  private final FileSystem places =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setFileTimeSource(() -> FileTime.from(host.now()))
              .build());
  private final Repositories repositories =
      new Repositories(
          new Repositories.Environment(
              places,
              DirectorySync.NONE,
              host.clock,
              new SplittableRandom(5),
              () -> {
                throw new AssertionError("S3");
              },
              () -> {
                throw new AssertionError("ssh");
              },
              KeySource.NONE,
              new RepositoryMemory(host.registry)));

  private final MoveTools tools =
      new MoveTools(
          programs,
          new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
          MoveTools.PATIENCE,
          Throttle.NONE,
          Optional.empty(),
          "here",
          OutputStream.nullOutputStream());

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(places.getPath("/backups"));
    Files.createDirectory(places.getPath("/replica"));
    host.write(host.create("db"), "file", "content");
  }

  private void rules(String... rules) throws IOException {
    Path file = host.registry.layout().policy();
    Files.writeString(file, RULES.formatted(String.join(",", rules)));
  }

  private void label(String volume, String key, String value) {
    VolumeName name = new VolumeName(volume);
    var found = host.registry.find(name).orElseThrow();
    host.registry.replace(found, now -> now.withLabels(now.labels().with(key, value)));
  }

  private Relocating relocating() {
    return new Relocating(
        host.context,
        tools,
        new Archives(
            repositories, new KnownRepositories(host.registry), new Origin("h", "1"), 1, _ -> {}),
        TreeListener.NONE);
  }

  private Maintenance maintenance() {
    return new Maintenance(
        new Maintenance.Setup(
            Policies.read(host.registry.layout().policy()),
            host.context,
            relocating(),
            repositories,
            new KnownRepositories(host.registry),
            new Verifying(
                Level.FULL, host.files.getPath("/"), new PortableFileTrees(), 1, host.clock),
            new Origin("h", "1"),
            programs,
            OutputStream.nullOutputStream(),
            _ -> {}));
  }

  private Maintenance.Result run() {
    done.clear();
    SaveListener silent =
        new SaveListener() {
          @Override
          public TreeListener begin(VolumeName volume, Supplier<Size> expected) {
            return TreeListener.NONE;
          }

          @Override
          public void warn(VolumeName volume, String text) {}

          @Override
          public void end(VolumeName volume) {}
        };
    Maintenance.Report report =
        new Maintenance.Report() {
          @Override
          public void saved(Saved saved) {
            done.add("saved " + saved.volume() + " to " + String.join(" ", saved.places()));
          }

          @Override
          public void forgot(VolumeName volume, String repository, ForgetReport forgotten) {
            done.add("forgot " + forgotten.forgotten().size() + " of " + volume);
          }

          @Override
          public void verified(Task.Verify task, Check check) {
            done.add("verified " + task.volume() + " " + check.good());
          }

          @Override
          public void drilled(Task.Drill task, Proof proof) {
            done.add("drilled " + task.volume());
          }

          @Override
          public void kept(Task task) {
            done.add(
                task instanceof Task.RemoveSnapshot removed
                    ? "removed " + removed.volume() + "@" + removed.snapshot()
                    : "kept " + task.volume());
          }

          @Override
          public void moved(Task.Move task) {
            done.add("moved " + task.volume() + " to " + task.pool());
          }
        };
    return maintenance().run(silent, report).orElseThrow();
  }

  private static List<String> messages(Maintenance.Result result) {
    return result.problems().stream().map(VolumeException::getMessage).toList();
  }

  private List<Instant> backups(String location, String volume) {
    try (Repository repository = repositories.open(location)) {
      return repository.list(new VolumeName(volume)).backups().stream()
          .map(Backup::record)
          .map(backup -> backup.started())
          .toList();
    }
  }

  @Test
  void what_is_due_is_done_once() throws IOException {
    rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\"}");

    assertThat(maintenance().due()).extracting(Task::why).containsExactly("never backed up");
    assertThat(run().problems()).isEmpty();
    assertThat(done).containsExactly("saved db to /backups");
    run();
    assertThat(done).isEmpty();
    host.advance(Duration.ofHours(24));
    run();
    assertThat(done).hasSize(1);
  }

  @Test
  void snapshots_are_made_and_removed_as_the_policy_says() throws IOException {
    rules("{\"snapshot.every\":\"1d\",\"snapshot.keep\":\"last=2\"}");
    label("db", "keg.snapshot.every", "6h");
    Snapshotting snapshots = new Snapshotting(host.context.services(), host.context.trees());
    var _ = snapshots.create(request("mine", Optional.empty()));

    assertThat(maintenance().due()).extracting(Task::why).containsExactly("never made");
    for (int i = 0; i < 4; i++) {
      assertThat(run().problems()).isEmpty();
      assertThat(done).contains("kept db");
      run();
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
    rules("{\"snapshot.every\":\"1d\"}", "{\"backup.every\":\"1d\",\"backup.to\":\"/backups\"}");

    assertThat(run().problems()).isEmpty();
    assertThat(done).containsExactly("kept db", "saved db to /backups");
  }

  @Test
  void a_snapshot_goes_when_it_expires_unless_its_volume_is_protected() {
    Snapshotting snapshots = new Snapshotting(host.context.services(), host.context.trees());
    var _ = snapshots.create(request("week", Optional.of(Age.parse("7d"))));
    var _ = snapshots.create(request("ever", Optional.empty()));
    run();
    assertThat(done).isEmpty();
    host.advance(Duration.ofDays(7));

    VolumeName db = new VolumeName("db");
    var volume = host.registry.find(db).orElseThrow();
    host.registry.replace(volume, now -> now.withProtection(Protection.always()));
    assertThat(run().due()).isZero();
    host.registry.replace(volume, _ -> volume);
    assertThat(run().due()).isEqualTo(1);
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
    rules(
        "{\"pool\":\"default\"}",
        "{\"unused\":\"7d\",\"pool\":\"warm\"}",
        "{\"unused\":\"90d\",\"pool\":\"cold\"}",
        "{\"above\":\"1k\",\"pool\":\"warm\"}");

    assertThat(maintenance().due())
        .extracting(Task::why)
        .containsExactly("in pool default, and rule 4 says warm");
    run();
    assertThat(done).containsExactly("moved large to warm");
    run();
    assertThat(done).isEmpty();
    host.advance(Duration.ofDays(7));
    run();
    assertThat(done).containsExactly("moved db to warm");
    host.advance(Duration.ofDays(83));
    run();
    assertThat(done).containsExactly("moved db to cold");
    assertThat(host.content(BackedHost.DB)).containsExactly("file=content");

    Attachment.Disk disk = new Attachment.Disk("vm1", "vda", false, host.now());
    host.attachments.add(BackedHost.DB, disk);
    assertThat(maintenance().due()).isEmpty();
    // The directory has a time of the real clock, before the volume was made by the host's.
    host.attachments.remove(BackedHost.DB, disk);
    Files.setLastModifiedTime(
        host.registry.layout().attachments(host.registry.layout().home(BackedHost.DB)),
        FileTime.from(host.now()));
    run();
    assertThat(done).containsExactly("moved db to default");
  }

  @Test
  void a_label_says_in_which_pool_a_volume_lies_and_a_pool_that_is_missing_is_told()
      throws IOException {
    host.write(host.create("web"), "file", "content");
    host.registry.pools().add(new PoolName("fast"), host.files.getPath("/fast"));
    rules("{\"pool\":\"default\"}");
    label("web", "keg.pool", "slow");
    label("db", "keg.pool", "fast");

    assertThat(messages(run())).containsExactly("web: pool (label keg.pool): no such pool: slow");
    assertThat(done).containsExactly("moved db to fast");
  }

  @Test
  void the_backup_of_an_archived_volume_is_still_verified() throws IOException {
    rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"7d\"}");
    run();
    host.registry.pools().addArchive(new PoolName("archive"), "/backups");
    var _ =
        relocating().move(MoveRequest.of(BackedHost.DB, Optional.empty()), new PoolName("archive"));
    host.advance(Duration.ofDays(8));
    assertThat(maintenance().due()).hasSize(1);
    assertThat(messages(run())).isEmpty();
    assertThat(done).containsExactly("verified db true");
  }

  @Test
  void no_volume_moves_unasked_to_a_disk_that_it_would_fill() throws IOException {
    host.registry.pools().add(new PoolName("warm"), host.files.getPath("/warm"));
    rules("{\"pool\":\"warm\"}");
    ZonedDateTime now = host.now().atZone(ZoneOffset.UTC);
    FixedFacts facts = new FixedFacts(now, now, new Size(Long.MAX_VALUE));
    Policies policies = Policies.read(host.registry.layout().policy());
    List<VolumeException> problems = new ArrayList<>();
    new PoolUpkeep(new UpkeptVolumes(policies, host.context, facts), relocating(), problems::add)
        .run(task -> done.add(task.volume().text()));
    assertThat(problems)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("which would fill pool warm"));
    assertThat(done).isEmpty();
  }

  @Test
  void a_policy_that_cannot_be_understood_is_told_once() {
    label("db", "keg.snapshot.evry", "1d");

    assertThat(messages(run())).containsExactly("db: unknown label keg.snapshot.evry");
  }

  @Test
  void nothing_is_done_without_a_policy() {
    assertThat(run().due()).isZero();
    assertThat(done).isEmpty();
  }

  @Test
  void a_repository_that_missed_a_backup_gets_it() throws IOException {
    rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\"}");
    run();
    rules("{\"backup.to\":\"/backups,/replica\",\"backup.every\":\"1d\"}");

    run();

    assertThat(done).containsExactly("saved db to /replica");
  }

  @Test
  void a_failure_does_not_stop_the_rest() throws IOException {
    host.write(host.create("web"), "file", "content");
    rules(
        "{\"backup.to\":\"/backups\",\"backup.every\":\"1d\"}",
        "{\"name\":\"db\",\"backup.to\":\"/nowhere\"}");

    Maintenance.Result result = run();

    assertThat(messages(result)).singleElement().asString().contains("/nowhere");
    assertThat(done).containsExactly("saved web to /backups");
  }

  @Test
  void a_label_does_not_choose_where_data_goes() throws IOException {
    label("db", "keg.backup.to", "/replica");
    label("db", "keg.backup.every", "1d");

    assertThat(messages(run()))
        .containsExactly("db: label keg.backup.to names /replica, which this root does not trust");
    assertThat(places.getPath("/replica")).isEmptyDirectory();

    rules("{\"name\":\"other\",\"backup.to\":\"/replica\",\"backup.every\":\"1d\"}");
    assertThat(run().problems()).isEmpty();
    assertThat(done).containsExactly("saved db to /replica");

    rules();
    host.advance(Duration.ofDays(1));
    assertThat(run().problems()).isEmpty();
    assertThat(done).containsExactly("saved db to /replica");
  }

  @Test
  void the_newest_backup_is_verified_when_that_is_due() throws IOException {
    rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"3d\"}");
    List<Integer> verified = new ArrayList<>();
    for (int day = 0; day < 7; day++) {
      run();
      if (done.contains("verified db true")) {
        verified.add(day);
      }
      host.advance(Duration.ofDays(1));
    }

    assertThat(verified).containsExactly(0, 3, 6);
  }

  @Test
  void a_drill_is_a_verification_too() throws IOException {
    rules(
        "{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.verify\":\"2d\",\"backup.drill\":\"4d\"}");
    List<String> proofs = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      assertThat(run().problems()).isEmpty();
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
  void a_command_runs_only_from_the_file() throws IOException {
    rules("{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.pre\":\"stop it\"}");
    run();
    assertThat(programs.started()).anyMatch(line -> line.getLast().contains("stop it"));

    label("db", "keg.backup.pre", "rm -r /");
    host.advance(Duration.ofDays(1));

    assertThat(messages(run()))
        .containsExactly("db: label keg.backup.pre: a label cannot name a command");
  }

  /** Three policies, four months, a run every six hours. */
  @Test
  void after_months_there_is_exactly_what_the_policies_say() throws IOException {
    host.write(host.create("web"), "file", "content");
    host.write(host.create("log"), "file", "content");
    String keep = "daily=7,weekly=4,monthly=3";
    rules(
        "{\"backup.to\":\"/backups\",\"backup.every\":\"1d\",\"backup.keep\":\"" + keep + "\"}",
        "{\"name\":\"web\",\"backup.every\":\"6h\",\"backup.keep\":\"last=10\"}",
        "{\"name\":\"log\",\"backup.every\":\"7d\",\"backup.keep\":\"within=1m\"}");
    Map<String, List<Instant>> made = new TreeMap<>();
    for (int i = 0; i < 4 * 120; i++) {
      host.advance(Duration.ofHours(6));
      Instant before = host.context.clock().instant();
      assertThat(run().problems()).isEmpty();
      for (String volume : List.of("db", "web", "log")) {
        if (done.contains("saved " + volume + " to /backups")) {
          made.computeIfAbsent(volume, _ -> new ArrayList<>()).add(before);
        }
      }
    }

    assertThat(made.get("web")).hasSize(4 * 120);
    assertThat(made.get("db")).hasSizeBetween(120, 121);
    assertThat(made.get("log")).hasSize(18);
    assertThat(backups("/backups", "web")).hasSize(10);
    assertThat(backups("/backups", "log")).hasSize(5);
    RetentionPolicy policy = RetentionPolicy.parse(keep);
    List<Instant> left = backups("/backups", "db");
    try (Repository repository = repositories.open("/backups")) {
      assertThat(
              new Retention(policy, ZoneOffset.UTC)
                  .decide(
                      repository.list(new VolumeName("db")).backups().stream()
                          .map(Backup::restorePoint)
                          .toList(),
                      host.context.clock().instant()))
          .allMatch(verdict -> verdict.kept());
    }
    assertThat(left).hasSizeBetween(7 + 3, 7 + 4 + 3);
    assertThat(left.getFirst()).isBefore(left.getLast().minus(Duration.ofDays(60)));
  }
}
