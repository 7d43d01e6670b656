package dev.keg.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.usage.TreeMeter.Measured;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("looks at all threads of this process")
class TreeMeterTest {
  private static final ByteString NAME = ByteString.utf8("d");

  @AfterEach
  void no_thread_is_left() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("keg-measure-")) {
        assertThat(thread.join(Duration.ofSeconds(10))).as("%s ends", thread).isTrue();
      }
    }
  }

  @Test
  void counts_apparent_bytes_each_inode_once_and_links_by_their_length(@TempDir Path directory)
      throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[1000]);
    Files.createLink(directory.resolve("same"), file);
    Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
    Files.write(Files.createDirectory(directory.resolve("below")).resolve("more"), new byte[24]);

    TreeUsage alone = TreeMeter.measure(new PortableTreeScans(), directory);

    assertThat(alone.size()).isEqualTo(new Size(1000 + "nowhere".length() + 24));
    assertThat(alone.files()).isEqualTo(3);
    assertThat(alone.directories()).isEqualTo(2);
    assertThat(alone.allocated()).isEmpty();
    assertThat(together(directory)).isEqualTo(alone);
  }

  /** Nobody may read it there. */
  @Test
  void what_windows_keeps_in_the_root_of_a_disk_is_not_counted() throws IOException {
    Path directory = Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\disk");

    assertThat(sizeBesideWhatWindowsKeeps(directory)).isEqualTo(new Size(3));
  }

  @Test
  void elsewhere_a_directory_of_that_name_is_one_like_any_other(@TempDir Path directory)
      throws IOException {
    assertThat(sizeBesideWhatWindowsKeeps(directory)).isEqualTo(new Size(23));
  }

  private static Size sizeBesideWhatWindowsKeeps(Path directory) throws IOException {
    Path own = Files.createDirectories(directory.resolve("System Volume Information"));
    Files.write(own.resolve("tracking.log"), new byte[20]);
    Path below = Files.createDirectories(directory.resolve("sub/System Volume Information"));
    Files.write(below.resolve("file"), new byte[3]);
    return TreeMeter.measure(new PortableTreeScans(), directory).size();
  }

  private static TreeUsage together(Path directory) {
    AtomicLong told = new AtomicLong();
    try (TreeMeter meter =
        new TreeMeter(new PortableTreeScans(), (_, bytes) -> told.addAndGet(bytes.bytes()))) {
      Measured measured = meter.start(directory, Optional.empty()).join().orElseThrow();
      assertThat(told).hasValue(measured.tree().size().bytes());
      assertThat(measured.room()).isPresent();
      return measured.tree();
    }
  }

  @Test
  void a_missing_directory_takes_no_space(@TempDir Path directory) {
    Path gone = directory.resolve("gone");

    assertThat(TreeMeter.measure(new PortableTreeScans(), gone)).isEqualTo(TreeUsage.NOTHING);
    try (TreeMeter meter = new TreeMeter(new PortableTreeScans(), TreeScan.Listener.NONE)) {
      assertThat(meter.start(gone, Optional.empty()).join()).isEmpty();
    }
  }

  @Test
  void a_tree_may_be_deeper_than_a_stack() throws Exception {
    Fake tree = new Fake(_ -> 1, 20_000);
    try (TreeMeter meter = new TreeMeter(tree, TreeScan.Listener.NONE)) {
      assertThat(
              meter.start(Path.of("/"), Optional.empty()).get().orElseThrow().tree().directories())
          .isEqualTo(20_001);
    }
    assertThat(tree.open).hasValue(0);
  }

  @Test
  void a_failure_in_one_tree_is_reported_and_leaves_the_others_whole() throws Exception {
    Fake good = new Fake(_ -> 1, 3);
    Fake bad =
        new Fake(
            depth -> {
              if (depth == 2) {
                throw new IllegalStateException("unreadable");
              }
              return 1;
            },
            100);
    TreeScans both = path -> path.endsWith("bad") ? bad.open(path) : good.open(path);
    try (TreeMeter meter = new TreeMeter(both, TreeScan.Listener.NONE)) {
      Future<Optional<Measured>> failing = meter.start(Path.of("bad"), Optional.empty());
      Future<Optional<Measured>> whole = meter.start(Path.of("good"), Optional.empty());

      assertThatThrownBy(failing::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("unreadable");
      assertThat(whole.get().orElseThrow().tree().directories()).isEqualTo(4);
    }
    assertThat(bad.open).hasValue(0);
  }

  @Test
  void closing_it_ends_a_tree_that_never_ends() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Fake endless =
        new Fake(
            _ -> {
              begun.countDown();
              return 2;
            },
            Integer.MAX_VALUE);
    Future<Optional<Measured>> measuring;
    try (TreeMeter meter = new TreeMeter(endless, TreeScan.Listener.NONE)) {
      measuring = meter.start(Path.of("/"), Optional.empty());
      begun.await();
    }
    assertThatThrownBy(measuring::get).isInstanceOf(CancellationException.class);
    assertThat(endless.open).hasValue(0);
  }

  @Test
  void a_tree_that_does_not_answer_is_given_up_and_keeps_no_other_waiting() throws Exception {
    CountDownLatch server = new CountDownLatch(1);
    Fake silent =
        new Fake(
            depth -> {
              if (depth > 0) {
                await(server);
              }
              return 40; // more than there are threads
            },
            2);
    Fake good = new Fake(_ -> 1, 3);
    TreeScans both = path -> path.endsWith("silent") ? silent.open(path) : good.open(path);
    try {
      try (TreeMeter meter = new TreeMeter(both, TreeScan.Listener.NONE, Duration.ofMillis(20))) {
        Future<Optional<Measured>> never = meter.start(Path.of("silent"), Optional.empty());
        assertThatThrownBy(() -> meter.await(never))
            .isInstanceOf(ExecutionException.class)
            .hasRootCauseMessage("measure: silent: it does not answer");

        Future<Optional<Measured>> other = meter.start(Path.of("good"), Optional.empty());
        assertThat(meter.await(other).orElseThrow().tree().directories()).isEqualTo(4);
      }
      assertThat(silent.open).as("threads are in it").hasValue(1);
    } finally {
      server.countDown();
    }
    no_thread_is_left();
    assertThat(good.open).hasValue(0);
  }

  @Test
  void trees_of_one_dead_server_are_waited_for_once() throws Exception {
    CountDownLatch server = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    TreeScans dead =
        new TreeScans() {
          @Override
          public Optional<TreeScan> open(Path directory) {
            asked.incrementAndGet();
            await(server);
            return Optional.empty();
          }

          @Override
          public Optional<String> server(Path directory) {
            return Optional.of("nas");
          }
        };
    try (TreeMeter meter = new TreeMeter(dead, TreeScan.Listener.NONE, Duration.ofMillis(20))) {
      List<Future<Optional<Measured>>> trees = new ArrayList<>();
      for (int i = 0; i < 20 * TreeMeter.THREADS; i++) {
        trees.add(meter.start(Path.of("v" + i), Optional.empty()));
      }
      for (int i = 0; i < trees.size(); i++) {
        Future<Optional<Measured>> tree = trees.get(i);
        assertThatThrownBy(() -> meter.await(tree))
            .hasRootCauseMessage("measure: v" + i + ": it does not answer");
      }
      assertThat(asked).as("no thread is lost to the others").hasValue(TreeMeter.THREADS);
    } finally {
      server.countDown();
    }
  }

  /** Makes the meter look at its trees this number of times. */
  private static void look(TreeMeter meter, int times)
      throws InterruptedException, ExecutionException {
    AtomicInteger left = new AtomicInteger(times);
    var _ =
        meter.await(
            new CompletableFuture<Boolean>() {
              @Override
              public Boolean get(long timeout, TimeUnit unit) throws TimeoutException {
                if (left.getAndDecrement() > 0) {
                  throw new TimeoutException();
                }
                return true;
              }
            });
  }

  @Test
  void a_server_that_has_answered_meanwhile_is_not_dead_yet() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(2);
    TreeScans server =
        new TreeScans() {
          @Override
          public Optional<TreeScan> open(Path directory) {
            if (!directory.endsWith("quick")) {
              asked.countDown();
              await(end);
            }
            return Optional.empty();
          }

          @Override
          public Optional<String> server(Path directory) {
            return Optional.of("nas");
          }
        };
    try (TreeMeter meter = new TreeMeter(server, TreeScan.Listener.NONE, Duration.ofMillis(20))) {
      Future<Optional<Measured>> silent = meter.start(Path.of("silent"), Optional.empty());
      while (asked.getCount() > 1) {
        Thread.onSpinWait();
      }
      look(meter, 20);
      assertThat(meter.start(Path.of("quick"), Optional.empty()).get()).isEmpty();
      look(meter, 9);
      Future<Optional<Measured>> late = meter.start(Path.of("late"), Optional.empty());
      asked.await();

      look(meter, 1);
      assertThat(silent).isDone();
      look(meter, 20);
      assertThat(late).as("another tree was answered 29 looks ago").isNotDone();
      look(meter, 1);
      assertThat(late).as("nothing was answered since the other one was given up").isDone();
    } finally {
      end.countDown();
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
  void what_was_started_before_all_threads_were_lost_is_measured() throws Exception {
    CountDownLatch server = new CountDownLatch(1);
    CountDownLatch lost = new CountDownLatch(TreeMeter.THREADS);
    Fake silent =
        new Fake(
            depth -> {
              if (depth > 0) {
                lost.countDown();
                await(server);
              }
              return 40; // more than there are threads
            },
            2);
    Fake good = new Fake(_ -> 1, 3);
    TreeScans both = path -> path.endsWith("silent") ? silent.open(path) : good.open(path);
    try (TreeMeter meter = new TreeMeter(both, TreeScan.Listener.NONE, Duration.ofMillis(20))) {
      var _ = meter.start(Path.of("silent"), Optional.empty());
      lost.await();
      List<Future<Optional<Measured>>> queued = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        queued.add(meter.start(Path.of("good"), Optional.empty()));
      }
      for (Future<Optional<Measured>> other : queued) {
        assertThat(meter.await(other).orElseThrow().tree().directories()).isEqualTo(4);
      }
    } finally {
      server.countDown();
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
  void closing_it_cancels_what_waits_for_the_threads_of_a_silent_server() throws Exception {
    CountDownLatch server = new CountDownLatch(1);
    CountDownLatch lost = new CountDownLatch(TreeMeter.THREADS);
    Fake silent =
        new Fake(
            depth -> {
              if (depth > 0) {
                lost.countDown();
                await(server);
              }
              return 40; // more than there are threads
            },
            2);
    Future<Optional<Measured>> queued;
    try (TreeMeter meter = new TreeMeter(silent, TreeScan.Listener.NONE, Duration.ofMillis(20))) {
      var _ = meter.start(Path.of("silent"), Optional.empty());
      lost.await();
      queued = meter.start(Path.of("silent"), Optional.empty());
    } finally {
      server.countDown();
    }
    assertThatThrownBy(queued::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void closing_it_waits_for_no_server() throws Exception {
    CountDownLatch server = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Fake silent =
        new Fake(
            _ -> {
              begun.countDown();
              await(server);
              return 1;
            },
            1);
    try (TreeMeter meter = new TreeMeter(silent, TreeScan.Listener.NONE, Duration.ofMillis(20))) {
      var _ = meter.start(Path.of("silent"), Optional.empty());
      begun.await();
    }
    assertThat(silent.open).hasValue(1);
    server.countDown();
  }

  private static void await(CountDownLatch server) {
    try {
      server.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final SeenTree SEEN =
      new SeenTree(
          "as it was",
          Instant.parse("2026-11-20T10:00:00Z"),
          new TreeUsage(new Size(7), Optional.of(new Size(4096)), 1, 1));

  /** The result for a tree that was seen before, and is in these states now. */
  private static Measured again(String written, String settled) {
    TreeScans scans =
        path ->
            new Fake(_ -> 1, 3)
                .open(path)
                .map(scan -> new Known(scan, Optional.of(written), Optional.of(settled), false));
    try (TreeMeter meter = new TreeMeter(scans, TreeScan.Listener.NONE)) {
      return meter.start(Path.of("/"), Optional.of(SEEN)).join().orElseThrow();
    }
  }

  @Test
  void a_tree_in_the_same_state_is_as_it_was_seen() {
    Measured same = again("as it was", "as it was");

    assertThat(same.unchanged()).isTrue();
    assertThat(same.tree()).isEqualTo(SEEN.usage());
    assertThat(same.state()).contains("as it was");
  }

  @Test
  void a_change_counts_even_if_it_is_only_in_memory() {
    Measured inMemory = again("as it was", "other");

    assertThat(inMemory.unchanged()).isFalse();
    assertThat(inMemory.tree().directories()).isEqualTo(4);
    assertThat(again("other", "as it was").unchanged()).isFalse();
  }

  @Test
  void the_state_is_that_from_before_the_tree_was_examined() {
    assertThat(again("other", "later").state()).contains("other");
  }

  @Test
  void a_tree_in_which_something_is_mounted_cannot_be_known_again() {
    TreeScans scans =
        path ->
            new Fake(_ -> 1, 3)
                .open(path)
                .map(scan -> new Known(scan, Optional.of("one"), Optional.of("one"), true));
    try (TreeMeter meter = new TreeMeter(scans, TreeScan.Listener.NONE)) {
      assertThat(meter.start(Path.of("/"), Optional.empty()).join().orElseThrow().state())
          .isEmpty();
    }
  }

  /** A tree with a known state. */
  private record Known(
      TreeScan scan, Optional<String> written, Optional<String> settled, boolean mounts)
      implements TreeScan {
    @Override
    public void scan(TreePath directory, Visitor visitor) {
      scan.scan(directory, visitor);
      if (mounts) {
        visitor.mountPoint();
      }
    }

    @Override
    public Optional<String> state(boolean onDisk) {
      return onDisk ? settled : written;
    }

    @Override
    public long occupied() {
      return scan.occupied();
    }

    @Override
    public boolean tellsBlocks() {
      return scan.tellsBlocks();
    }

    @Override
    public Optional<Room> room() {
      return scan.room();
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  private interface Branches {
    int at(int depth);
  }

  /** A tree of directories, with the given number of subdirectories in each. */
  private record Fake(Branches branches, int depth, AtomicInteger open) implements TreeScans {
    Fake(Branches branches, int depth) {
      this(branches, depth, new AtomicInteger());
    }

    @Override
    public Optional<TreeScan> open(Path directory) {
      open.incrementAndGet();
      return Optional.of(
          new TreeScan() {
            @Override
            public void scan(TreePath path, Visitor visitor) {
              int here = (path.bytes().length() + 1) / 2;
              for (int i = 0; here < depth && i < branches.at(here); i++) {
                visitor.directory(NAME, 0);
              }
            }

            @Override
            public long occupied() {
              return 0;
            }

            @Override
            public boolean tellsBlocks() {
              return true;
            }

            @Override
            public Optional<Room> room() {
              return Optional.empty();
            }

            @Override
            public void close() {
              open.decrementAndGet();
            }
          });
    }
  }
}
