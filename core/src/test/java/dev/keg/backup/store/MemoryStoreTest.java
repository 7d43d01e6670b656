package dev.keg.backup.store;

import java.time.InstantSource;

class MemoryStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmpty() {
    return new MemoryStore(InstantSource.system());
  }
}
