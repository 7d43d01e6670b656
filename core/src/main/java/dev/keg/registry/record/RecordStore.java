package dev.keg.registry.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Records by key. A write names the version that it replaces and succeeds only if that is still
 * current, so if several hosts change a record at once, exactly one succeeds.
 *
 * <p>The text of a record must differ from that of every other write, so that a store can determine
 * whether a write whose answer was lost has happened. All methods throw {@link
 * dev.keg.error.RegistryException.CutOff} if nobody answers, and {@link
 * dev.keg.error.RegistryException.StoreRefused} if the store refuses.
 */
public interface RecordStore extends AutoCloseable {
  /** The version of a missing record. */
  String NONE = "";

  /** A record as it was read. */
  record StoredRecord(String text, String version) {}

  /**
   * A record in a list.
   *
   * @param text empty if the store lists only versions
   */
  record ListedRecord(String key, String version, Optional<String> text) {}

  /** Its address in messages, without secrets. */
  String address();

  Optional<StoredRecord> get(String key);

  /**
   * Writes the record if its version is the expected one, {@link #NONE} for a new record. Returns
   * the new version; empty if somebody else has written or deleted it meanwhile. If the answer is
   * lost, the write may still happen after this has thrown.
   */
  Optional<String> put(String key, String text, String expected);

  /**
   * Deletes the record if its version is the expected one; returns false if somebody else has
   * written it meanwhile. A missing record counts as deleted.
   */
  boolean delete(String key, String expected);

  /** The records whose keys begin with the folder, which ends with a slash, sorted by key. */
  List<ListedRecord> list(String folder);

  /** The time of the server's clock in the last answer. */
  Optional<Instant> time();

  /**
   * Refuses a server that does not enforce the condition of {@link #put}; returns whether it
   * enforces that of {@link #delete}.
   */
  boolean probe();

  @Override
  void close();
}
