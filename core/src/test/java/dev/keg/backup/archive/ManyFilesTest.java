package dev.keg.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.archive.write.ContentSharing;
import dev.keg.file.FileFailures;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.tree.ByteString;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a backup keeps in memory does not depend on the number of files. */
@NeedsTime
@Isolated
class ManyFilesTest {
  private static final int FILES_IN_DIRECTORY = 1000;

  /** With more than a million files, pages are longest and the table of content is full. */
  private static final int DIRECTORIES = 1100;

  /** Less than one small object for each further file; entries on their way take some megabytes. */
  private static final long LITTLE = 16 << 20;

  @TempDir private Path scratch;

  /** Directories of small files with different content; measures memory while it is read. */
  private static final class NumberedTree implements FileTree {
    private final int directories;
    private long most;

    NumberedTree(int directories) {
      this.directories = directories;
    }

    /** The most that was in use at any of the times it was measured. */
    long most() {
      return most;
    }

    private void measure() {
      System.gc();
      Runtime machine = Runtime.getRuntime();
      most = Math.max(most, machine.totalMemory() - machine.freeMemory());
    }

    // Names are made and read millions of times, so without formats.
    private static int number(TreePath path) {
      ByteString name = path.name();
      int number = 0;
      for (int i = 0; i < name.length(); i++) {
        number = 10 * number + name.at(i) - '0';
      }
      return number;
    }

    private static ByteString name(int number) {
      byte[] digits = new byte[8];
      for (int i = digits.length - 1, left = number; i >= 0; i--, left /= 10) {
        digits[i] = (byte) ('0' + left % 10);
      }
      return ByteString.of(digits);
    }

    private static List<ByteString> numbers(int from, int count) {
      return IntStream.range(from, from + count).mapToObj(NumberedTree::name).toList();
    }

    @Override
    public Optional<Stat> stat(TreePath path) {
      boolean isFile = path.depth() == 2;
      return Optional.of(
          new Stat(
              isFile ? Stat.Type.REGULAR : Stat.Type.DIRECTORY,
              isFile ? 0644 : 0755,
              0,
              0,
              isFile ? Long.BYTES : 0,
              FakeTree.LONG_AGO,
              FakeTree.LONG_AGO,
              1,
              path.isRoot() ? 1 : 2 + 2L * number(path) + (isFile ? 1 : 0),
              1,
              0,
              0,
              false,
              false,
              false));
    }

    @Override
    public List<ByteString> names(TreePath directory) {
      if (directory.isRoot()) {
        return numbers(0, directories);
      }
      int number = number(directory);
      if (number % 100 == 99) {
        measure();
      }
      return numbers(number * FILES_IN_DIRECTORY, FILES_IN_DIRECTORY);
    }

    @Override
    public Optional<OpenFile> open(TreePath file) {
      return Optional.of(new NumberedFile(stat(file).orElseThrow(), number(file)));
    }

    @Override
    public Optional<ByteString> target(TreePath symlink) {
      return Optional.empty();
    }

    @Override
    public Xattrs xattrs(TreePath path) {
      return Xattrs.NONE;
    }

    @Override
    public void close() {}
  }

  private record NumberedFile(Stat stat, int number) implements OpenFile {
    @Override
    public Xattrs xattrs() {
      return Xattrs.NONE;
    }

    @Override
    public List<Extent> data(long size) {
      return RegularFile.whole(size).data();
    }

    @Override
    public int read(ByteBuffer into, long position) {
      into.putLong(number);
      return Long.BYTES;
    }

    @Override
    public void close() {}
  }

  private ArchiveSummary archive(String name, FileTree tree, Optional<Archive> previous)
      throws IOException {
    ArchiveRequest plain = Shelf.request(name, previous);
    ContentSharing sharing =
        plain
            .previous()
            .map(last -> new ContentSharing(Shelf.KEY, last.known()))
            .orElseGet(() -> new ContentSharing(Shelf.KEY, new KnownContent(Avoided.NOTHING)));
    try (FileChannel out =
        FileChannel.open(
            scratch.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return ArchiveWriter.write(tree, Shelf.shared(plain, sharing), TreeListener.NONE, out);
    }
  }

  private RangeSource stored(String name) {
    Path path = scratch.resolve(name);
    FileChannel channel = FileFailures.translate("open", path, () -> FileChannel.open(path));
    return new RangeSource() {
      @Override
      public long length() {
        return FileFailures.translate("read", path, channel::size);
      }

      @Override
      public void read(long offset, ByteBuffer into) {
        int begin = into.position();
        FileFailures.run(
            "read",
            path,
            () -> {
              while (into.hasRemaining()) {
                assertThat(channel.read(into, offset + into.position() - begin)).isPositive();
              }
            });
      }

      @Override
      public void close() {
        FileFailures.run("close", path, channel::close);
      }
    };
  }

  private record Most(long first, long next) {}

  /** What a first backup of so many directories takes at most, and one without changes. */
  private Most most(int directories) throws IOException {
    NumberedTree tree = new NumberedTree(directories);
    String first = "first" + directories;
    assertThat(archive(first, tree, Optional.empty()).totals().files())
        .isEqualTo((long) directories * FILES_IN_DIRECTORY);

    NumberedTree again = new NumberedTree(directories);
    try (Archive before = Archive.open(first, this::stored)) {
      assertThat(archive("next" + directories, again, Optional.of(before)).written()).isZero();
    }
    return new Most(tree.most(), again.most());
  }

  @Test
  void twice_as_many_files_take_no_more_memory() throws IOException {
    Most some = most(DIRECTORIES);
    Most more = most(2 * DIRECTORIES);

    assertThat(more.first() - some.first()).isLessThan(LITTLE);
    assertThat(more.next() - some.next()).isLessThan(LITTLE);
  }
}
