package dev.keg.backup.store.copied;

import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.VolumeRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The files with the copies of one store, one for each folder. Those of all stores are in one
 * directory of the root. They are only a convenience, so a failure to read or write them is not an
 * error.
 */
final class CopyFiles {
  /** Larger than any of them: names and times take less than the copies or are few. */
  private static final int LARGEST = 2 * CopiedStore.MOST;

  private static final String LOCK = "@records";

  private final VolumeRegistry registry;
  private final String store;
  private final long room;
  private final Consumer<String> debug;

  /**
   * @param room for the files of all stores, in bytes
   */
  CopyFiles(VolumeRegistry registry, String address, long room, Consumer<String> debug) {
    this.registry = registry;
    this.store = hash(address) + ".";
    this.room = room;
    this.debug = debug;
  }

  private record CopyFile(Path path, long size, FileTime written) {
    static CopyFile of(Path path) throws IOException {
      return new CopyFile(path, Files.size(path), Files.getLastModifiedTime(path));
    }
  }

  private static String hash(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private String name(String folder) {
    return store + hash(folder);
  }

  private Path directory() {
    return registry.layout().records();
  }

  /** What was last written for the folder; empty if there is nothing. */
  ByteBuffer read(String folder) {
    Path file = directory().resolve(name(folder));
    try {
      return ByteBuffer.wrap(SmallFile.read(file, LARGEST));
    } catch (NoSuchFileException _) {
      return ByteBuffer.allocate(0);
    } catch (IOException e) {
      debug.accept("cannot read " + file + ": " + FileFailures.reason(e));
      return ByteBuffer.allocate(0);
    }
  }

  void write(String folder, byte[] content) {
    String name = name(folder);
    change(
        () -> {
          FileFailures.run("make room", directory(), () -> makeRoom(name, content.length));
          registry.files().writeCopy(LOCK, directory(), name, content);
        });
  }

  /** Deletes the files that were written longest ago, until there is room for another. */
  private void makeRoom(String name, long wanted) throws IOException {
    List<CopyFile> files = new ArrayList<>();
    for (String other : DirectoryEntries.names(directory())) {
      if (!other.equals(name)) {
        files.add(CopyFile.of(directory().resolve(other)));
      }
    }
    files.sort(Comparator.comparing(CopyFile::written));
    long size = wanted + files.stream().mapToLong(CopyFile::size).sum();
    for (CopyFile file : files) {
      if (size > room) {
        Files.delete(file.path());
        size -= file.size();
      }
    }
  }

  /** Deletes what was written for other folders. */
  void retain(Set<String> folders) {
    Set<String> names = folders.stream().map(this::name).collect(Collectors.toSet());
    try {
      for (String name : DirectoryEntries.names(directory())) {
        if (name.startsWith(store) && !names.contains(name)) {
          Files.deleteIfExists(directory().resolve(name));
        }
      }
    } catch (IOException e) {
      debug.accept("cannot delete copies of records: " + FileFailures.reason(e));
    }
  }

  /** Writes nothing while another process does, rather than wait for it. */
  private void change(Runnable work) {
    if (!Files.exists(registry.layout().marker()) || !Files.isWritable(registry.layout().root())) {
      return;
    }
    try {
      Optional<RegistryLock.Held> held = registry.lock().tryLockContainer(LOCK);
      if (held.isPresent()) {
        try (var _ = held.get()) {
          work.run();
        }
      }
    } catch (VolumeException e) {
      debug.accept("cannot keep copies of records: " + e.getMessage());
    }
  }
}
