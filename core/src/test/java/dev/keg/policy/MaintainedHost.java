package dev.keg.policy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
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
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.Throttle;
import dev.keg.moving.Archives;
import dev.keg.moving.MoveTools;
import dev.keg.moving.Relocating;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * A host in memory with two places for repositories, a clock that a test advances, and its
 * maintenance.
 */
final class MaintainedHost {
  private static final String RULES = "{\"schema\":1,\"rules\":[%s]}";

  final BackedHost host = new BackedHost();
  final FakePrograms programs = new FakePrograms(_ -> new FakePrograms.Result(0, "", ""));
  final List<String> done = new ArrayList<>();

  /** What maintenance saves and restores with. */
  BackupContext context = host.context;

  /** Called after each move to another pool. */
  Runnable afterMove = () -> {};

  // Its files have the times of the host's clock, so that grace periods end.
  final FileSystem places =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setFileTimeSource(() -> FileTime.from(host.now()))
              .build());
  final Repositories repositories =
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
              new RepositoryMemory(host.registry, _ -> {})));

  private final MoveTools tools =
      new MoveTools(
          programs,
          new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
          MoveTools.PATIENCE,
          Throttle.NONE,
          Optional.empty(),
          "here",
          OutputStream.nullOutputStream());

  MaintainedHost() {
    FileFailures.run("create", places.getPath("/"), this::make);
  }

  private void make() throws IOException {
    Files.createDirectory(places.getPath("/backups"));
    Files.createDirectory(places.getPath("/replica"));
  }

  void rules(String... rules) throws IOException {
    Path file = host.registry.layout().policy();
    Files.writeString(file, RULES.formatted(String.join(",", rules)));
  }

  void label(String volume, String key, String value) {
    VolumeName name = new VolumeName(volume);
    var found = host.registry.find(name).orElseThrow();
    host.registry.replace(found, now -> now.withLabels(now.labels().with(key, value)));
  }

  Relocating relocating() {
    return new Relocating(
        host.context,
        tools,
        new Archives(
            repositories, new KnownRepositories(host.registry), new Origin("h", "1"), 1, _ -> {}),
        TreeListener.NONE);
  }

  Maintenance maintenance() {
    return new Maintenance(
        new Maintenance.Setup(
            Policies.read(host.registry.layout().policy()),
            context,
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

  Maintenance.Result run() {
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
    Maintenance.Listener report =
        new Maintenance.Listener() {
          @Override
          public void saved(Saved saved) {
            done.add("saved " + saved.volume() + " to " + String.join(" ", saved.places()));
          }

          @Override
          public void forgot(String repository, ForgetReport forgotten) {
            done.add("forgot " + forgotten.forgotten().size() + " in " + repository);
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
            afterMove.run();
          }
        };
    return maintenance().run(silent, report).orElseThrow();
  }

  List<Instant> backups(String location, String volume) {
    try (Repository repository = repositories.open(location)) {
      return repository.list(new VolumeName(volume)).backups().stream()
          .map(Backup::record)
          .map(backup -> backup.started())
          .toList();
    }
  }
}
