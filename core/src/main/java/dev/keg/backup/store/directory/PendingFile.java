package dev.keg.backup.store.directory;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.file.GrowingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file under a temporary name. */
final class PendingFile extends PendingObject {
  private final DirectoryStore store;
  private final ObjectName name;
  private final Path file;
  private final GrowingFile content;

  private PendingFile(DirectoryStore store, ObjectName name, Path file, GrowingFile content) {
    this.store = store;
    this.name = name;
    this.file = file;
    this.content = content;
  }

  static PendingFile begin(DirectoryStore store, ObjectName name, Path file) throws IOException {
    Folders folders = store.folders();
    folders.make(Folders.parent(file));
    return new PendingFile(store, name, file, folders.create(file));
  }

  @Override
  protected void append(byte[] bytes, int offset, int length) throws StoreException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (buffer.hasRemaining()) {
        var _ = content.write(buffer);
      }
    } catch (IOException e) {
      throw store.failure("write " + name, e);
    }
  }

  @Override
  protected void commit() throws StoreException {
    Path target = store.path(name);
    try {
      content.sync();
      content.close();
      Path folder = Folders.parent(target);
      store.folders().make(folder);
      claim(target);
      store.folders().sync(folder);
      Files.deleteIfExists(file);
    } catch (FileAlreadyExistsException _) {
      throw new StoreException.AlreadyExists(store.address(), name);
    } catch (IOException e) {
      throw store.failure("write " + name, e);
    }
  }

  // rename(2) replaces an existing file; link(2) does not. NFS repeats a link whose answer was lost
  // and then reports EEXIST for its own work (open(2), O_EXCL on NFS: "use stat(2)").
  private void claim(Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isSameFile(target, file)) {
        throw e;
      }
    } catch (FileSystemException | UnsupportedOperationException _) {
      // FAT has no links. Checking first leaves a gap between two writers of the same name; but the
      // names of a repository are unique.
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  protected void discard() throws StoreException {
    try {
      content.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw store.failure("discard " + name, e);
    }
  }
}
