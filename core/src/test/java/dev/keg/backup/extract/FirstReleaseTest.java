package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.Verification;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.directory.DirectoryStore;
import dev.keg.backup.tar.TarLimits;
import dev.keg.file.DirectorySync;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every later release can read the first release's files. Its command line created them; they are
 * never regenerated.
 */
public class FirstReleaseTest {
  private static final List<String> FULL =
      List.of(
          "d d rwxr-xr-x",
          "d/file 'hello\n' rw-r--r-- x2",
          "empty '' rw-r--r--",
          "hole 100003 bytes rw-r--r--",
          "link 'hello\n' rw-r--r-- x2",
          "numbers 692 bytes rw-r--r--",
          "symlink -> d/file");

  private final Host host = new Host();
  private final Path directory = directory();

  private static Path directory() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  FirstReleaseTest.class.getResource("/dev/keg/backup/first-release"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file that is not text is compared separately. */
  private List<String> restored() throws IOException {
    assertThat(Files.readAllBytes(host.stage.resolve("bytes"))).containsExactly(0xff, 0xfe);
    Files.delete(host.stage.resolve("bytes"));
    assertThat(Files.readString(host.stage.resolve("hole")))
        .isEqualTo("\0".repeat(100_000) + "end");
    assertThat(Files.getLastModifiedTime(host.stage.resolve("d/file")))
        .isEqualTo(FileTime.from(Instant.parse("2001-02-03T04:05:06.789012345Z")));
    return host.restored();
  }

  @ParameterizedTest
  @ValueSource(strings = {"db.tar", "db.tar.gz", "db.tar.zst"})
  void an_archive_is_read_from_front_to_end(String name) throws IOException {
    try (InputStream in = Files.newInputStream(directory.resolve(name))) {
      host.extraction(Trust.OWN).fromStream(name, in, TarLimits.OWN);
    }
    assertThat(restored()).isEqualTo(FULL);
    assertThat(host.notes).isEmpty();
  }

  @Test
  void an_archive_is_read_by_its_index() throws IOException {
    restore("db.tar.zst", directory);
    assertThat(restored()).isEqualTo(FULL);
  }

  @Test
  void a_repository_is_listed_and_its_partial_backup_restored() throws IOException {
    DirectoryStore store =
        DirectoryStore.open(directory.resolve("repository"), DirectorySync.NONE, new Random(1));
    try (Repository repository = Repository.open(store, InstantSource.system(), new Random(1))) {
      List<Backup> backups = repository.list().backups();
      assertThat(backups)
          .extracting(backup -> backup.id().text())
          .containsExactly("20261120T164626Z-f4b3e225", "20261120T164634Z-a911c59e");
      BackupRecord partial = backups.getLast().record();
      assertThat(partial.volume().labels().map()).containsEntry("tier", "gold");
      assertThat(partial.tags()).containsExactly("nightly");
      assertThat(repository.checks(partial)).hasSize(1);
      restore(partial.own().name().text(), directory.resolve("repository"));
    }
    assertThat(restored())
        .containsExactly(
            "d d rwxr-xr-x",
            "d/file 'hello\n' rw-r--r-- x2",
            "d/new 'more\n' rw-r--r--",
            "hole 100003 bytes rw-r--r--",
            "link 'hello\n' rw-r--r-- x2",
            "numbers 692 bytes rw-r--r--",
            "symlink -> d/file");
  }

  private void restore(String name, Path place) {
    Opener objects = object -> new FileRange(open(place.resolve(object)));
    ExtractionRequest all =
        ExtractionRequest.all(Trust.OWN, RestoreLimits.own(new Size(1 << 20)), 2);
    try (Archive archive = Archive.open(name, objects.open(name));
        ArchiveSources sources = new ArchiveSources(archive, objects)) {
      assertThat(Verification.full(archive, sources, 2).findings()).isEmpty();
      host.extraction(all).fromArchive(archive, sources);
    }
  }

  private static FileChannel open(Path file) {
    try {
      return FileChannel.open(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record FileRange(FileChannel channel) implements RangeSource {
    @Override
    public long length() {
      try {
        return channel.size();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      int start = into.position();
      try {
        while (into.hasRemaining()) {
          channel.read(into, offset + into.position() - start);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
