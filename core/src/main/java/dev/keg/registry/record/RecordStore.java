package dev.keg.registry.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Records by key. A write says which version it replaces and happens only if that is still the
 * current one, so of several hosts that change a record at once exactly one succeeds.
 *
 * <p>The text of a record must differ from that of every other write: that is how a store finds out
 * whether a write whose answer was lost has happened. All methods throw {@link
 * dev.keg.error.RegistryException.CutOff} if nobody answers, and {@link
 * dev.keg.error.RegistryException.StoreRefused} if the store refuses.
 */
public interface RecordStore extends AutoCloseable {
  /** The version of a record that is not there. */
  String NONE = "";

  /** A record as it was read. */
  record StoredRecord(String text, String version) {}

  /**
   * A record of a list.
   *
   * @param text empty if the store lists versions only
   */
  record ListedRecord(String key, String version, Optional<String> text) {}

  /** What messages call it; without secrets. */
  String address();

  Optional<StoredRecord> get(String key);

  /**
   * Writes the record if its version is the expected one, {@link #NONE} for a new record. Returns
   * the new version; empty if somebody else has written or deleted it meanwhile. Where an answer is
   * lost, the write may still happen after this has thrown.
   */
  Optional<String> put(String key, String text, String expected);

  /**
   * Deletes the record if its version is the expected one; false if somebody else has written it
   * meanwhile. A record that is gone is deleted.
   */
  boolean delete(String key, String expected);

  /** The records whose keys begin with the folder, which ends in a slash, sorted by key. */
  List<ListedRecord> list(String folder);

  /** What the server's clock said with the last answer. */
  Optional<Instant> time();

  /**
   * Refuses a server that does not keep the promise of {@link #put}; says whether it keeps that of
   * {@link #delete}.
   */
  boolean probe();

  @Override
  void close();

  /** After a write that seems lost: the version, if it has happened nevertheless. */
  default Optional<String> versionIfWritten(String key, String text) {
    return get(key).filter(found -> found.text().equals(text)).map(StoredRecord::version);
  }
}
