package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.replica.WrittenBackup.Range;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.error.VolumeException;
import dev.keg.file.SmallFile;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The last backups that this host wrote to repositories for which it has only a write key, so that
 * later backups can be incremental. They are stored beside the volume and may be deleted at any
 * time: the next backup is then full.
 */
public final class WrittenBackups {
  /** The size of the index of about 900,000 files; larger ones are not stored. */
  private static final int LARGEST = 32 << 20;

  private final VolumeRegistry registry;
  private final Consumer<String> debug;

  public WrittenBackups(VolumeRegistry registry, Consumer<String> debug) {
    this.registry = registry;
    this.debug = debug;
  }

  private Path directory(VolumeName volume) {
    return registry.layout().written(registry.layout().home(volume));
  }

  /** The name of its file: the repository's id, which its owner created, and nothing else. */
  private static Optional<String> file(Repository repository) {
    return repository.id().filter(id -> id.matches("[0-9A-Za-z-]{1,64}"));
  }

  /** The last backup of the volume, if known. */
  Optional<WrittenBackup> last(VolumeName volume, Repository repository) {
    Optional<Path> file = file(repository).map(directory(volume)::resolve);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(SmallFile.read(file.get(), LARGEST));
      return Optional.of(WrittenBackup.read(file.get().toString(), bytes));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      debug.accept("a full backup: " + file.get() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Stores the backup just written, which can still be read; only a convenience. */
  void remember(Repository repository, BackupRecord record) {
    VolumeName volume = record.volume().name();
    try {
      Optional<byte[]> kept =
          index(repository, record)
              .map(ranges -> WrittenBackup.write(record, ranges))
              .filter(bytes -> bytes.length <= LARGEST);
      Optional<String> file = file(repository);
      try (var _ = registry.lock().lock(volume)) {
        if (file.isPresent() && registry.find(volume).isPresent()) {
          Path directory = directory(volume);
          kept.ifPresentOrElse(
              bytes -> registry.files().write(volume, directory, file.get(), bytes),
              () -> registry.files().erase(volume, directory, file.get()));
        }
      }
    } catch (VolumeException e) {
      debug.accept("the next backup is a full one: " + e.getMessage());
    }
  }

  /** The ranges read while walking its index once; empty if they are too large. */
  private Optional<List<Range>> index(Repository repository, BackupRecord record) {
    Optional<WrittenBackup> before = last(record.volume().name(), repository);
    String own = record.own().name().text();
    StoredArchives stored = StoredArchives.of(repository.store(), record);
    Recording recording =
        new Recording(
            object ->
                before.isPresent() && !(record.hasOwn() && object.equals(own))
                    ? before.get().open(object)
                    : stored.open(object));
    try (Archive archive = Archive.open(own, recording)) {
      Iterator<StoredPage> pages = archive.pages();
      while (pages.hasNext() && recording.length <= LARGEST) {
        pages.next();
      }
    }
    return recording.length <= LARGEST ? Optional.of(recording.ranges) : Optional.empty();
  }

  /** Records the ranges that are read. */
  private static final class Recording implements Opener {
    private final Opener objects;
    private final List<Range> ranges = new ArrayList<>();
    private long length;

    Recording(Opener objects) {
      this.objects = objects;
    }

    @Override
    public RangeSource open(String object) {
      RangeSource source = objects.open(object);
      return new RangeSource() {
        @Override
        public long length() {
          return source.length();
        }

        @Override
        public void read(long offset, ByteBuffer into) {
          int start = into.position();
          source.read(offset, into);
          keep(new Range(object, length(), offset, into.slice(start, into.position() - start)));
        }

        @Override
        public void close() {
          source.close();
        }
      };
    }

    private void keep(Range range) {
      length += range.bytes().remaining();
      if (length <= LARGEST) {
        ranges.add(range);
      } else {
        ranges.clear();
      }
    }
  }
}
