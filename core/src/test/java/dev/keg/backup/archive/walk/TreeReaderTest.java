package dev.keg.backup.archive.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.walk.TreeReader.Found;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.ByteString;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TreeReaderTest {
  private static final int MANY = 10_000;

  private final FakeTree tree = new FakeTree();
  private final List<String> notes = new ArrayList<>();

  private TreeReader reader(FileTree from) {
    TreeListener listener = (path, note, _) -> notes.add(note + " " + path);
    return new TreeReader(from, path -> path.toString().equals("out"), _ -> true, listener);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String content(OpenFile file) {
    try (file) {
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) file.stat().size());
      while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  private void addMany() {
    for (int i = 0; i < MANY; i++) {
      tree.file("f%05d".formatted(i), text("content " + i));
    }
  }

  /** Passes everything on to another tree, except for what a test replaces. */
  private static class Passing implements FileTree {
    private final FileTree tree;

    Passing(FileTree tree) {
      this.tree = tree;
    }

    @Override
    public Optional<Stat> stat(TreePath path) {
      return tree.stat(path);
    }

    @Override
    public List<ByteString> names(TreePath directory) {
      return tree.names(directory);
    }

    @Override
    public Optional<OpenFile> open(TreePath file) {
      return tree.open(file);
    }

    @Override
    public Optional<ByteString> target(TreePath symlink) {
      return tree.target(symlink);
    }

    @Override
    public Xattrs xattrs(TreePath path) {
      return tree.xattrs(path);
    }

    @Override
    public void close() {}
  }

  @Test
  void files_come_in_the_order_of_the_walk_with_what_was_read_of_them() {
    addMany();
    tree.directory("e").xattrs =
        Xattrs.of(List.of(new Xattr(ByteString.utf8("user.a"), ByteString.utf8("b"))));
    tree.symlink("e/link", "../f00000");
    tree.file("e/empty", new byte[0]);
    tree.file("out", text("left out"));
    List<String> read = new ArrayList<>();
    try (TreeReader reader = reader(tree)) {
      for (var found = reader.next(); found.isPresent(); found = reader.next()) {
        Found file = found.get();
        read.add(
            switch (file.stat().type()) {
              case REGULAR -> file.path() + ": " + content(reader.open().orElseThrow());
              case SYMLINK -> file.path() + " -> " + reader.target().orElseThrow();
              default -> file.path() + " " + reader.xattrs().list().size();
            });
      }
      assertThat(reader.next()).isEmpty();
      assertThat(reader.met()).isEqualTo(MANY + 4);
    }
    assertThat(read).hasSize(MANY + 4).startsWith(". 0", "e 1", "e/empty: ", "e/link -> ../f00000");
    for (int i = 0; i < MANY; i++) {
      assertThat(read.get(i + 4)).isEqualTo("f%05d: content %d", i, i);
    }
  }

  /** A tree that several threads may read. */
  private final class SharedTree extends Passing {
    private final AtomicInteger met = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private volatile @Nullable Thread walker;

    SharedTree() {
      super(tree);
    }

    @Override
    public Optional<Stat> stat(TreePath path) {
      walker = Thread.currentThread();
      met.incrementAndGet();
      return super.stat(path);
    }

    @Override
    public Optional<OpenFile> open(TreePath file) {
      synchronized (tree) {
        return super.open(file);
      }
    }

    @Override
    public Optional<FileTree> another() {
      open.incrementAndGet();
      return Optional.of(
          new Passing(this) {
            @Override
            public void close() {
              open.decrementAndGet();
            }
          });
    }
  }

  @Test
  void it_stays_a_bounded_number_of_files_ahead() {
    addMany();
    SharedTree shared = new SharedTree();
    try (TreeReader reader = reader(shared)) {
      assertThat(reader.next()).isPresent();
      awaitWaiting(shared);
      assertThat(shared.met.get()).isLessThan(MANY / 2);
      for (int i = 0; i < MANY / 2; i++) {
        assertThat(reader.next()).isPresent();
      }
      awaitWaiting(shared);
      assertThat(shared.met.get()).isLessThan(MANY);
    }
    assertThat(shared.open).hasValue(0);
  }

  /** Waits until the walk cannot go on. */
  private static void awaitWaiting(SharedTree shared) {
    Thread walker = shared.walker;
    while (walker == null || walker.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
      walker = shared.walker;
    }
  }

  @Test
  void attributes_of_many_megabytes_are_not_all_read_ahead() {
    assertFewAreReadAhead(
        List.of(new Xattr(ByteString.utf8("user.a"), ByteString.of(new byte[60 << 10]))));
  }

  @Test
  void thousands_of_attributes_without_a_value_are_not_all_read_ahead() {
    List<Xattr> many = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      many.add(new Xattr(ByteString.utf8("user." + i), ByteString.EMPTY));
    }
    assertFewAreReadAhead(many);
  }

  private void assertFewAreReadAhead(List<Xattr> attributes) {
    Xattrs large = Xattrs.of(attributes);
    AtomicInteger read = new AtomicInteger();
    for (int i = 0; i < 500; i++) {
      tree.directory("d%03d".formatted(i)).xattrs = large;
    }
    FileTree counting =
        new Passing(tree) {
          @Override
          public Xattrs xattrs(TreePath path) {
            read.incrementAndGet();
            return super.xattrs(path);
          }
        };
    try (TreeReader reader = reader(counting)) {
      // All are in one batch, of which this is the first.
      assertThat(reader.next()).isPresent();
      assertThat(read).hasValueLessThan(50);
      for (int i = 0; i < 500; i++) {
        assertThat(reader.next()).isPresent();
        assertThat(reader.xattrs()).isEqualTo(large);
      }
    }
  }

  @Test
  void a_file_that_changes_while_it_is_read_ahead_is_read_as_it_is_now() {
    FakeFile file = tree.file("log", text("one"));
    file.onRead =
        () -> {
          file.onRead = () -> {};
          file.write(text("one two"));
        };
    try (TreeReader reader = reader(tree)) {
      reader.next();
      Found found = reader.next().orElseThrow();
      OpenFile open = reader.open().orElseThrow();
      assertThat(open.stat().isUnchangedSince(found.stat())).isFalse();
      assertThat(content(open)).isEqualTo("one two");
    }
  }

  @Test
  void a_device_that_took_the_place_of_a_file_is_not_opened() {
    FakeFile file = tree.file("large", new byte[Batch.LARGEST + 1]);
    try (TreeReader reader = reader(tree)) {
      reader.next();
      reader.next();
      file.type = Stat.Type.CHARACTER;
      assertThat(reader.open()).isEmpty();
    }
    assertThat(tree.opened()).isEmpty();
  }

  @Test
  void a_failure_of_the_walk_comes_after_the_files_before_it() {
    tree.get("").unreadable = true;
    try (TreeReader reader = reader(tree)) {
      assertThat(reader.next()).isPresent();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(reader::next)
            .isInstanceOf(FileFailure.class)
            .hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void a_bug_in_a_tree_reaches_the_caller_from_every_thread() {
    tree.file("a", text("a")).onRead =
        () -> {
          throw new IllegalStateException("a bug");
        };
    try (TreeReader reader = reader(tree)) {
      assertThatThrownBy(reader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a bug");
    }
  }

  @Test
  void an_interruption_ends_the_waiting_for_a_file_and_then_the_threads() {
    addMany();
    CountDownLatch never = new CountDownLatch(1);
    FileTree stuck =
        new Passing(tree) {
          @Override
          public List<ByteString> names(TreePath directory) {
            try {
              never.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
            return super.names(directory);
          }
        };
    try (TreeReader reader = reader(stuck)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(reader::next).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
