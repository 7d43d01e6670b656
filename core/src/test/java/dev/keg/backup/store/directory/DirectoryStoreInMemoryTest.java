package dev.keg.backup.store.directory;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import dev.keg.file.DirectorySync;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;

/** The same contract on a file system without modes that cannot sync directories. */
class DirectoryStoreInMemoryTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmpty() throws IOException {
    return DirectoryStore.open(
        Files.createDirectory(Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\backups")),
        DirectorySync.NONE,
        new Random(1));
  }
}
