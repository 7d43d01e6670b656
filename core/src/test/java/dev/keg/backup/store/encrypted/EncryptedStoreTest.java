package dev.keg.backup.store.encrypted;

import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.ObjectStoreContract;
import java.time.InstantSource;

class EncryptedStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmpty() {
    return new EncryptedStore(new MemoryStore(InstantSource.system()), RepositoryKey.random());
  }
}
