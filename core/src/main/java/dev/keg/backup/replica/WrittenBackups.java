package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.replica.WrittenBackup.Range;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.error.VolumeException;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * This root's own last backups, stored beside the volume; they may be deleted at any time.
 *
 * <p>Those in repositories for which it has only a write key are stored with their index, so that
 * later backups can be incremental; without it, the next one is full. Of all others, only the id of
 * the last is stored, to recognise those of another machine with the same name:
 *
 * <pre>
 * {"schema":1,"other":"20261120T023001Z-5b07d1e4","own":"20261120T020000Z-3f9a1c2e"}
 * </pre>
 */
public final class WrittenBackups {
  /** The size of the index of about 900,000 files; larger ones are not stored. */
  private static final int LARGEST = 32 << 20;

  /** No repository's file is called that. */
  private static final String LAST = "last.json";

  private static final long SCHEMA = 1;

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

  /**
   * The latest backup that this root made of a volume.
   *
   * @param other the latest under the same host name that it did not make, as far as it noticed
   */
  private record Last(BackupId own, Optional<BackupId> other) {
    boolean isBefore(BackupId id) {
      return own.compareTo(id) < 0;
    }
  }

  /**
   * Remembers a new backup. Returns a warning if another root backs up the same volume under the
   * same host name in turn with this one: at the second time that its backups follow this root's.
   * After the first time, they may be this root's own, if it was itself restored.
   *
   * @param before the newest of the volume before it
   */
  Optional<String> made(BackupRecord record, Optional<BackupRecord> before) {
    VolumeName volume = record.volume().name();
    try (var _ = registry.lock().lock(volume)) {
      if (!Files.isDirectory(registry.layout().home(volume).path())) {
        return Optional.empty();
      }
      Optional<Last> known = lastOf(volume);
      Optional<BackupId> seen = known.flatMap(Last::other);
      Optional<BackupId> other =
          before
              .filter(_ -> !record.origin().chosen())
              .filter(record::sameHistory)
              .map(BackupRecord::id)
              .filter(id -> known.filter(last -> last.isBefore(id)).isPresent());
      // The latest by its id: the clock may have been ahead, and another command may have ended.
      BackupId own =
          known.filter(last -> !last.isBefore(record.id())).map(Last::own).orElse(record.id());
      write(volume, new Last(own, other.or(() -> seen)));
      return other
          .filter(id -> seen.filter(earlier -> !earlier.equals(id)).isPresent())
          .map(id -> warning(id, record.origin().host()));
    } catch (VolumeException e) {
      debug.accept("this backup is not remembered: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static String warning(BackupId other, String host) {
    return "another root or machine also backs it up as host %s, such as %s; retention counts both as one: name one of them with `keg config host`, KEG_HOST or --host"
        .formatted(host, other);
  }

  private Optional<Last> lastOf(VolumeName volume) {
    Path file = directory(volume).resolve(LAST);
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, SmallFile.read(file));
      Optional<BackupId> own = BackupId.lookup(json.text("own"));
      Optional<BackupId> other = json.optionalText("other").flatMap(BackupId::lookup);
      json.end();
      return own.map(id -> new Last(id, other));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException | VolumeException e) {
      debug.accept(file + " is not used: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void write(VolumeName volume, Last last) {
    JsonObject other =
        last.other().map(id -> new JsonObject().put("other", id.text())).orElseGet(JsonObject::new);
    byte[] bytes = JsonObject.ofSchema(SCHEMA).and(other).put("own", last.own().text()).bytes();
    registry.files().write(volume, directory(volume), LAST, bytes);
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
