package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.extract.Selection;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A restore of some paths reads their frames once, and of the index only the pages that list them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartialRestoreTest {
  private static final int DIRECTORIES = 100;
  private static final int FILES = 5_000;
  private static final int LARGE = 6 << 20;

  /** For the root of the index, which is read together with some bytes before it. */
  private static final int END = 128 << 10;

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final SplittableRandom random = new SplittableRandom(5);

  private void write(int number) throws IOException {
    byte[] content = new byte[200 + random.nextInt(200)];
    random.nextBytes(content);
    Files.write(host.write(db, "d%d/f%d".formatted(number % DIRECTORIES, number), ""), content);
  }

  /** Six backups, before each of which files everywhere and a part of a large one change. */
  @BeforeAll
  void backUpOften() throws IOException {
    for (int i = 0; i < FILES; i++) {
      write(i);
    }
    byte[] large = new byte[LARGE];
    random.nextBytes(large);
    for (int backup = 0; backup < 6; backup++) {
      for (int i = 0; i < FILES / 50; i++) {
        write(random.nextInt(FILES));
      }
      large[random.nextInt(LARGE)]++;
      Files.write(host.write(db, "d50/large", ""), large);
      host.advance(Duration.ofDays(30));
      host.save(db);
    }
  }

  private record Cost(long bytes, long requests) {}

  /** What a restore of the path cannot do without. */
  private Cost needed(String path) {
    Selection wanted = new Selection(List.of(TreePath.parse(path)));
    try (RestoreSource.Indexed source =
        RestoreSource.of(host.repository, host.last(host.repository), true)) {
      Archive archive = source.archive();
      Set<FrameRef> frames = new HashSet<>();
      Set<IndexRoot.Page> pages = new HashSet<>();
      archive
          .pages()
          .forEachRemaining(
              page -> {
                for (IndexedEntry entry : page.content().entries()) {
                  if (wanted.test(entry.entry().path())) {
                    pages.add(page.place());
                    entry.slices().stream().map(Slice::frame).forEach(frames::add);
                  }
                }
              });
      assertThat(pages).hasSizeLessThan(archive.places().size() / 4);
      return new Cost(
          frames.stream().mapToLong(FrameRef::stored).sum()
              + pages.stream().mapToLong(IndexRoot.Page::stored).sum(),
          frames.size() + pages.size());
    }
  }

  private Cost read(String path) throws IOException {
    Path changed = host.data(db).resolve(path);
    boolean directory = Files.isDirectory(changed);
    List<String> content = host.content(db);
    Files.delete(directory ? changed.resolve("f" + path.substring(1)) : changed);
    host.store.clearLog();
    host.store.bytesRead.set(0);
    host.restore(
        new RestoreRequest(
            db,
            Optional.of(new Selection(List.of(TreePath.parse(path)))),
            Mode.MERGE,
            false,
            false,
            false,
            false,
            2));
    long bytes = host.store.bytesRead.get();
    long requests = host.store.log().stream().filter(line -> line.startsWith("read data/")).count();
    assertThat(host.content(db)).isEqualTo(content);
    return new Cost(bytes, requests);
  }

  @Test
  void a_directory_of_small_files() throws Exception {
    Cost needed = needed("d37");
    Cost read = read("d37");
    assertThat(read.bytes()).isLessThan(needed.bytes() + END);
    assertThat(read.requests()).isLessThanOrEqualTo(needed.requests() + 1);
  }

  @Test
  void a_large_file() throws Exception {
    Cost needed = needed("d50/large");
    Cost read = read("d50/large");
    assertThat(read.bytes()).isLessThan(needed.bytes() + END).isLessThan(2 * LARGE);
    assertThat(read.requests()).isLessThanOrEqualTo(needed.requests() + 1);
  }
}
