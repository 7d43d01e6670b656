package dev.keg.backup.repository;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The small files of a repository, each read by every reader. */
public final class RecordsFuzz implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            """
            {"schema":1,"changed":0,"created":"2026-11-28T13:03:56.426284226Z","driver":"local",\
            "entries":2,"files":1,"finished":"2026-11-28T13:04:06Z","host":"vm",\
            "id":"20261128T130405Z-20e9d2ff","keg":"1.0.0","labels":{"a":"b"},"objects":[],\
            "options":{},"size":2,"stored":659,"tags":[],"volume":"db"}
            """,
            "{\"schema\":1,\"objects\":[\"data/db/a.tar.zst\"]}",
            "{\"schema\":1,\"frames\":[],\"object\":\"data/db/a.tar.zst\"}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private interface Reader {
    Object read(String name, byte[] bytes) throws InvalidDocument;
  }

  @Override
  public void read(byte[] input) {
    List<Reader> readers =
        List.of(BackupFile::read, Tombstone::read, DamagedObject::read, Check::read);
    for (Reader reader : readers) {
      try {
        var _ = reader.read("fuzz.json", input);
      } catch (InvalidDocument | VolumeException _) {
        // Refused, as it should be.
      }
    }
  }
}
