package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.crash.KillPoints;
import dev.keg.fixtures.crash.KillPoints.Fault;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import dev.keg.lifecycle.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * On btrfs, volumes and snapshots are subvolumes. Commands that create, copy, exchange and delete
 * them are killed, or fail, at the calls that do so; afterwards the volume and its snapshots are
 * the old ones or the new ones, and nothing else is left.
 */
@NeedsRoot
@NeedsNative
@NeedsKernel({"loop", "btrfs"})
@NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
@NeedsTool(value = "strace", from = "strace")
class SubvolumesSurviveIT {
  private static final Pattern POINT =
      Pattern.compile("(KILL|NO_SPACE) at ioctl .*|KILL at (rename|rmdir|mkdir).*");

  @RegisterExtension final MachineState machine = new MachineState();

  private Path disk() {
    return machine.directory().resolve("disk");
  }

  @BeforeEach
  void mount() throws Exception {
    Path image = machine.directory().resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(256L << 20);
    }
    tool("mkfs.btrfs", "-q", image.toString());
    tool("mount", "-o", "loop", image.toString(), Files.createDirectory(disk()).toString());
  }

  @AfterEach
  void unmount() throws Exception {
    tool("umount", disk().toString());
  }

  private static void tool(String name, String... arguments) throws Exception {
    var runner =
        new ProcessRunner(
            List.of(name), Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), Duration.ofMinutes(1));
    Outcome outcome = runner.run(Invocation.of(arguments));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
  }

  @TestFactory
  Stream<DynamicTest> create() throws Exception {
    return broken(new Survival(List.of(), "create db", "rm -f db"));
  }

  @TestFactory
  Stream<DynamicTest> snapshot() throws Exception {
    return broken(new Survival(VOLUME, "snapshot create db two", "snapshot rm db two"));
  }

  @TestFactory
  Stream<DynamicTest> copy() throws Exception {
    return broken(new Survival(VOLUME, "clone db copy", "rm -f copy"));
  }

  @TestFactory
  Stream<DynamicTest> copy_of_a_snapshot() throws Exception {
    return broken(new Survival(VOLUME, "clone db@one copy", "rm -f copy"));
  }

  @TestFactory
  Stream<DynamicTest> restore_of_a_snapshot() throws Exception {
    return broken(new Survival(VOLUME, "snapshot restore --yes db one", "ls"));
  }

  @TestFactory
  Stream<DynamicTest> removal_of_a_snapshot() throws Exception {
    return broken(new Survival(VOLUME, "snapshot rm db one", "snapshot create db one"));
  }

  @TestFactory
  Stream<DynamicTest> removal() throws Exception {
    return broken(new Survival(VOLUME, "rm --snapshots db", "create db"));
  }

  @TestFactory
  Stream<DynamicTest> backup_of_one_moment() throws Exception {
    return broken(new Survival(VOLUME, "backup -q --freeze --to DIR/repo db", "ls"));
  }

  /** A volume with a snapshot, and later changes. */
  private static final List<String> VOLUME =
      List.of("create db", "cp -q DIR/in db:/a", "snapshot create db one", "cp -q DIR/in db:/b");

  private Stream<DynamicTest> broken(Survival trial) throws Exception {
    return KillPoints.each(disk(), EnumSet.of(Fault.KILL, Fault.NO_SPACE), trial)
        .filter(test -> POINT.matcher(test.getDisplayName()).matches());
  }

  @Test
  void a_snapshot_and_a_copy_take_no_room_for_their_files() throws Exception {
    Path root = Files.createDirectory(disk().resolve("run"));
    Survival trial = Survival.ofVolume(root);
    Files.write(root.resolve("root/volumes/db/_data/large"), new byte[150 << 20]);

    trial.keg(root, "snapshot create db one");
    trial.keg(root, "clone db@one copy");

    assertThat(root.resolve("root/volumes/copy/_data/large")).hasSize(150 << 20);
    assertThat(inode(root.resolve("root/volumes/copy/_data"))).isEqualTo(Survival.SUBVOLUME);
    assertThat(trial.run(root, "snapshot ls db").output()).contains("shared");
  }

  @Test
  void a_backup_of_one_moment_lacks_what_is_written_while_it_reads() throws Exception {
    Path root = Files.createDirectory(disk().resolve("run"));
    Survival trial = Survival.ofVolume(root);
    Path home = root.resolve("root/volumes/db");
    byte[] slow = new byte[10 << 20];
    new Random(1).nextBytes(slow);
    Files.writeString(home.resolve("_data/a"), HexFormat.of().formatHex(slow));
    Path file = home.resolve("_data/b");
    Files.writeString(file, "then");

    try (ExecutorService backups = Executors.newSingleThreadExecutor()) {
      Future<Outcome> backup =
          backups.submit(() -> trial.run(root, "backup -q --level 19 --freeze --to DIR/repo db"));
      while (Survival.temporary(root).isEmpty()) {
        assertThat(backup.isDone()).isFalse();
        Thread.sleep(1);
      }
      Files.writeString(file, "later");
      assertThat(backup.get().exit()).as(backup.get().errors()).isZero();
    }

    trial.keg(root, "restore -q --from DIR/repo --to copy db");
    assertThat(root.resolve("root/volumes/copy/_data/b")).hasContent("then");
    assertThat(file).hasContent("later");
    assertThat(Survival.temporary(root)).isEmpty();
  }

  @Test
  void a_directory_with_another_subvolume_inside_is_not_frozen() throws Exception {
    Path root = Files.createDirectory(disk().resolve("run"));
    Survival trial = Survival.ofVolume(root);
    tool("btrfs", "-q", "subvolume", "create", root + "/root/volumes/db/_data/inner");

    Outcome outcome = trial.run(root, "backup -q --freeze --to DIR/repo db");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors())
        .contains("its directory is not a btrfs subvolume that can be copied as a whole");
    assertThat(Store.open(root.resolve("root")).leftovers()).isEmpty();
  }

  /** Hard links cannot cross subvolumes. */
  @Test
  void a_move_keeps_files_that_a_restore_linked() throws Exception {
    Path root = Files.createDirectory(disk().resolve("run"));
    Survival trial = Survival.ofVolume(root);
    Path home = root.resolve("root/volumes/db");
    Files.delete(home.resolve("_data"));
    Files.createDirectory(home.resolve("_data"));
    Files.writeString(home.resolve("_data/file"), "text");
    Files.createDirectory(home.resolve("restore-old"));
    Files.createLink(home.resolve("restore-old/file"), home.resolve("_data/file"));
    Files.createDirectory(root.resolve("pool"));
    trial.keg(root, "pool add other DIR/pool");

    trial.keg(root, "move -q --pool other db");

    Path moved = root.resolve("pool/volumes/db");
    assertThat(inode(moved.resolve("_data/file")))
        .isEqualTo(inode(moved.resolve("restore-old/file")));
    assertThat(moved.resolve("_data/file")).hasContent("text");
  }

  private static long inode(Path directory) throws IOException {
    return (long) Files.getAttribute(directory, "unix:ino");
  }

  /** One command line, and the command that makes it possible again. */
  private record Survival(
      List<String> preparation,
      String line,
      String undo,
      SortedMap<String, String> before,
      SortedMap<String, String> after)
      implements CommandTrial {
    /** The inode number of each subvolume's root. */
    private static final long SUBVOLUME = 256;

    Survival(List<String> preparation, String line, String undo) {
      this(preparation, line, undo, new TreeMap<>(), new TreeMap<>());
    }

    /** Runs commands in that directory, where there is a volume. */
    static Survival ofVolume(Path directory) throws Exception {
      Survival trial = new Survival(List.of(), "", "");
      trial.prepare(directory);
      trial.keg(directory, "create db");
      return trial;
    }

    @Override
    public void prepare(Path directory) throws Exception {
      Files.writeString(directory.resolve("in"), "text");
      Files.createDirectory(directory.resolve("repo"));
    }

    /** A subvolume cannot be copied file by file. */
    @Override
    public void begin(Path directory) throws Exception {
      for (String made : preparation) {
        keg(directory, made);
      }
      before.clear();
      before.putAll(state(directory));
    }

    @Override
    public void clear(Path directory) throws Exception {
      keg(directory, "rm -f --snapshots db copy");
    }

    @Override
    public void verify(Path directory, Optional<Fault> fault, Outcome outcome) throws Exception {
      assertThat(outcome.errors()).doesNotContain("\tat ", "Exception", "this is a bug");
      if (fault.isEmpty()) {
        assertThat(outcome.exit()).as(outcome.errors()).isZero();
        after.putAll(state(directory));
      } else if (outcome.exit() == 0) {
        assertThat(state(directory)).isEqualTo(after);
      } else {
        assertThat(state(directory)).isIn(before, after);
      }
      var _ = run(directory, undo);
      keg(directory, line);
      assertThat(state(directory)).isEqualTo(after);
      assertThat(temporary(directory)).isEmpty();
      assertThat(Store.open(directory.resolve("root")).leftovers()).isEmpty();
      clear(directory);
      assertThat(subvolumes(directory)).isEmpty();
    }

    /** The snapshots that a backup of one moment reads. */
    private static List<Path> temporary(Path directory) throws IOException {
      Path snapshots = directory.resolve("root/volumes/db/snapshots");
      if (!Files.isDirectory(snapshots)) {
        return List.of();
      }
      try (Stream<Path> all = Files.list(snapshots)) {
        return all.filter(one -> one.getFileName().toString().startsWith("freeze-")).toList();
      }
    }

    /** The files of volumes and of their snapshots. */
    private static SortedMap<String, String> state(Path directory) throws IOException {
      SortedMap<String, String> state = new TreeMap<>();
      Path volumes = directory.resolve("root/volumes");
      if (Files.isDirectory(volumes)) {
        try (Stream<Path> files = Files.walk(volumes)) {
          for (Path file : files.filter(Survival::isData).toList()) {
            boolean text = Files.isRegularFile(file);
            state.put(volumes.relativize(file).toString(), text ? Files.readString(file) : "");
          }
        }
      }
      return state;
    }

    private static boolean isData(Path file) {
      return file.toString().matches(".*/volumes/[^/]+/(snapshots/(?!freeze-)[^/]+/)?_data(/.*)?");
    }

    private static List<Path> subvolumes(Path directory) throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        return files.filter(file -> Files.isDirectory(file) && isSubvolume(file)).toList();
      }
    }

    private static boolean isSubvolume(Path directory) {
      try {
        return inode(directory) == SUBVOLUME;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
