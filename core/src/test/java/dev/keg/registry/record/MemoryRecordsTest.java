package dev.keg.registry.record;

class MemoryRecordsTest extends RecordStoreContract {
  private final RecordStore store = new MemoryRecords(true).connect();

  @Override
  protected RecordStore store() {
    return store;
  }
}
