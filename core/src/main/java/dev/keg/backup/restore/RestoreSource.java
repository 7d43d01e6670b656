package dev.keg.backup.restore;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.volume.Volume;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** The source of a restore. */
public sealed interface RestoreSource extends AutoCloseable {
  /** Its name in messages. */
  String name();

  /** The volume as it was, with masked secrets; empty if unknown. */
  Optional<Volume> volume();

  /**
   * Whether it comes from a repository that this root trusts. Only then may it refer to paths of
   * the host and restore devices and privileges, unless the operator decides otherwise.
   */
  boolean trusted();

  /** The fraction that has been read, from 0 to 1; 0 if unknown. */
  default double share() {
    return 0;
  }

  @Override
  void close();

  /** An archive with an index. */
  record Indexed(
      String name,
      Optional<Volume> volume,
      boolean trusted,
      Archive archive,
      ArchiveSources sources)
      implements RestoreSource {
    @Override
    public void close() {
      try (archive) {
        sources.close();
      }
    }
  }

  /** A tar archive that is read from front to end; the caller closes the stream. */
  record Stream(String name, InputStream in, Optional<Volume> volume, DoubleSupplier read)
      implements RestoreSource {
    /** A stream of unknown length. */
    public Stream(String name, InputStream in, Optional<Volume> volume) {
      this(name, in, volume, () -> 0);
    }

    /** A stream of unknown length and of an unknown volume. */
    public Stream(String name, InputStream in) {
      this(name, in, Optional.empty());
    }

    @Override
    public double share() {
      return read.getAsDouble();
    }

    @Override
    public boolean trusted() {
      return false;
    }

    @Override
    public void close() {}
  }

  /** A zip archive; the caller closes the channel. */
  record Zip(String name, SeekableByteChannel channel, DoubleSupplier read)
      implements RestoreSource {
    @Override
    public double share() {
      return read.getAsDouble();
    }

    @Override
    public Optional<Volume> volume() {
      return Optional.empty();
    }

    @Override
    public boolean trusted() {
      return false;
    }

    @Override
    public void close() {}
  }

  /** A backup in a repository; the caller closes the repository. */
  static Indexed of(Repository repository, BackupRecord record, boolean trusted) {
    StoredArchives objects = StoredArchives.of(repository.store(), record);
    String own = record.own().name().text();
    Archive archive = Archive.open(own, objects);
    return new Indexed(
        record.id().text(),
        Optional.of(record.volume()),
        trusted,
        archive,
        new ArchiveSources(archive, objects));
  }

  /** A file that {@code keg backup -o} wrote, with its index. */
  static Indexed of(Path file) {
    return of(file.toString(), FileSource.open(file));
  }

  /** The content of such a file, which is closed along with the result, or on failure. */
  static Indexed of(String file, RangeSource content) {
    Archive archive = Archive.open(file, content);
    return new Indexed(
        file,
        VolumeDescription.read(archive.description()),
        false,
        archive,
        new ArchiveSources(
            archive,
            object -> {
              throw new InvalidArchive(
                  file,
                  "in its index",
                  "it needs " + object + ", which is in the repository it was taken from");
            }));
  }
}
