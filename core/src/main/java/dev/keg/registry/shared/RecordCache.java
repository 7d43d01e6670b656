package dev.keg.registry.shared;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.record.RecordStore.StoredRecord;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * This host's last copy of the records, a file each: the version, then the text. It saves requests,
 * and is used while the store does not answer. It may be deleted, and failing to write it is not an
 * error.
 */
final class RecordCache {
  private final Path directory;
  private final RandomGenerator random;
  private final Consumer<String> debug;

  RecordCache(Path directory, RandomGenerator random, Consumer<String> debug) {
    this.directory = directory;
    this.random = random;
    this.debug = debug;
  }

  Optional<StoredRecord> find(VolumeName name) {
    try {
      String content = new String(SmallFile.read(file(name)), StandardCharsets.UTF_8);
      int end = content.indexOf('\n');
      return end < 0
          ? Optional.empty()
          : Optional.of(new StoredRecord(content.substring(end + 1), content.substring(0, end)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      debug.accept("cannot read " + file(name) + ": " + FileFailures.reason(e));
      return Optional.empty();
    }
  }

  List<VolumeName> names() {
    return FileFailures.translate("list", directory, () -> DirectoryEntries.names(directory))
        .stream()
        .flatMap(name -> VolumeName.lookup(name).stream())
        .toList();
  }

  void keep(VolumeName name, StoredRecord record) {
    byte[] content = (record.version() + "\n" + record.text()).getBytes(StandardCharsets.UTF_8);
    // A volume's name cannot begin with a dot.
    long number;
    synchronized (random) {
      number = random.nextLong();
    }
    Path draft = directory.resolve(".%016x".formatted(number));
    try {
      AtomicFile.replaceUnsynced(file(name), draft, content);
    } catch (IOException e) {
      debug.accept("cannot write " + file(name) + ": " + FileFailures.reason(e));
    }
  }

  void forget(VolumeName name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      debug.accept("cannot delete " + file(name) + ": " + FileFailures.reason(e));
    }
  }

  /** Deletes all others, which are no longer in the store. */
  void keepOnly(Collection<VolumeName> names) {
    Set<VolumeName> there = new HashSet<>(names);
    names().stream().filter(name -> !there.contains(name)).forEach(this::forget);
  }

  private Path file(VolumeName name) {
    return directory.resolve(name.text());
  }
}
