package dev.keg.backup.repository;

import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.time.DateTimeException;

/** The schema version of a repository's documents, which is read before any other field. */
final class Schema {
  static final long CURRENT = 1;

  private Schema() {}

  /** A document written by a later Keg. */
  static final class Newer extends InvalidDocument {
    Newer(NewerSchema reason) {
      super(String.valueOf(reason.getMessage()));
    }
  }

  /** Reads a document's other fields. */
  @FunctionalInterface
  interface Fields<T> {
    T read(JsonDocument json) throws InvalidDocument;
  }

  /** Reads a whole document; explains in words why it cannot be parsed. */
  static <T> T read(String name, byte[] bytes, Fields<T> fields) throws InvalidDocument {
    try {
      JsonDocument json = JsonDocument.read(name, CURRENT, bytes);
      T value = fields.read(json);
      json.end();
      return value;
    } catch (NewerSchema e) {
      throw new Newer(e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new InvalidDocument(String.valueOf(e.getMessage()));
    }
  }
}
