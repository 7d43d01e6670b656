package dev.keg.backup.store.directory;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Objects as files below a directory, which must exist: an unmounted disk must not look like an
 * empty store.
 */
public final class DirectoryStore implements ObjectStore {
  private final Path root;
  private final Path incoming;
  private final Folders folders;
  private final RandomGenerator random;

  private DirectoryStore(Path root, DirectorySync sync, RandomGenerator random) {
    this.root = root;
    this.incoming = root.resolve(".incoming");
    this.folders = new Folders(root, sync);
    this.random = random;
  }

  public static DirectoryStore open(Path root, DirectorySync sync, RandomGenerator random)
      throws StoreException {
    DirectoryStore store = new DirectoryStore(root, sync, random);
    store.requireRoot("open");
    try {
      // One directory has one address, whatever links lead to it.
      return new DirectoryStore(root.toRealPath(), sync, random);
    } catch (IOException e) {
      throw store.failure("open", e);
    }
  }

  private void requireRoot(String operation) throws StoreException {
    if (!Files.isDirectory(root)) {
      throw new StoreException.Failed(
          address(),
          operation,
          Files.exists(root) ? "not a directory" : "no such file or directory",
          "mount the disk that belongs there, or create the directory");
    }
  }

  @Override
  public String address() {
    return root.toString();
  }

  Folders folders() {
    return folders;
  }

  Path path(ObjectName name) {
    return root.resolve(name.text());
  }

  StoreException failure(String operation, IOException e) {
    return new StoreException.Failed(address(), operation, FileFailures.reason(e), null, e);
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) throws StoreException {
    requireRoot("write " + name);
    Path draft = incoming.resolve(HexFormat.of().toHexDigits(random.nextLong()));
    try {
      return PendingFile.begin(this, name, draft);
    } catch (IOException e) {
      throw failure("write " + name, e);
    }
  }

  @Override
  public int read(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    int before = target.position();
    try (FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ)) {
      channel.position(offset);
      while (target.hasRemaining() && channel.read(target) >= 0) {}
      return target.position() - before;
    } catch (NoSuchFileException _) {
      requireRoot("read " + name);
      throw new StoreException.Absent(address(), name);
    } catch (IOException e) {
      throw FileFailures.isBadSector(e)
          ? new StoreException.Unreadable(address(), name, e)
          : failure("read " + name, e);
    }
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    requireRoot("list " + folder);
    List<StoredObject> found = new ArrayList<>();
    try {
      collect(root.resolve(folder), found);
    } catch (IOException e) {
      throw failure("list " + folder, e);
    }
    found.sort(Comparator.comparing(StoredObject::name));
    return List.copyOf(found);
  }

  private void collect(Path directory, List<StoredObject> found) throws IOException {
    for (Path entry : entries(directory)) {
      Optional<ObjectName> name =
          ObjectName.lookup(root.relativize(entry).toString().replace('\\', '/'));
      if (name.isEmpty()) {
        continue;
      }
      BasicFileAttributes attributes;
      try {
        attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      } catch (NoSuchFileException _) {
        continue; // somebody else deleted it meanwhile
      }
      if (attributes.isDirectory()) {
        // A link to a directory may lead out of the repository, or in a circle.
        if (!Files.isSymbolicLink(entry)) {
          collect(entry, found);
        }
      } else if (attributes.isRegularFile()) {
        Instant stored = attributes.lastModifiedTime().toInstant();
        found.add(new StoredObject(name.get(), new Size(attributes.size()), stored));
      }
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    requireRoot("delete " + name);
    Path file = path(name);
    try {
      if (Files.deleteIfExists(file)) {
        // After a power failure, an index must not exist without its data.
        folders.sync(Folders.parent(file));
      }
    } catch (IOException e) {
      throw failure("delete " + name, e);
    }
  }

  @Override
  public void clearUnfinished(Instant before) throws StoreException {
    requireRoot("clear unfinished writes");
    try {
      for (Path draft : entries(incoming)) {
        clear(draft, before);
      }
    } catch (IOException e) {
      throw failure("clear unfinished writes", e);
    }
  }

  private static void clear(Path draft, Instant before) throws IOException {
    try {
      if (Files.getLastModifiedTime(draft).toInstant().isBefore(before)) {
        Files.deleteIfExists(draft);
      }
    } catch (NoSuchFileException _) {
      // Its writer was faster.
    }
  }

  @Override
  public void close() {}
}
