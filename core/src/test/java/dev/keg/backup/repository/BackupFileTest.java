package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.store.ObjectName;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupFileTest {
  private static final String TEXT =
      """
      {"schema":1,"changed":1,"created":"2026-11-01T08:00:00Z","driver":"local","entries":12,\
      "files":10,"finished":"2026-11-20T10:58:07Z","host":"db1","id":"20261120T105801Z-3f9a1c2e",\
      "keg":"1.0.0","labels":{"env":"prod"},"objects":[{"digest":"sha256:00ff",\
      "name":"data/db/20261120T105801Z-3f9a1c2e.tar.zst","size":4711}],"options":{"o":"size=1g"},\
      "size":98304,"stored":4711,"tags":["a","nightly"],"volume":"db"}
      """;

  private static BackupRecord backup() {
    return new BackupRecord(
        new BackupId("20261120T105801Z-3f9a1c2e"),
        Scene.volume("db"),
        new Origin("db1", "1.0.0"),
        Instant.parse("2026-11-20T10:58:07Z"),
        Set.of("nightly", "a"),
        new Counts(12, 10, new Size(98304), new Size(4711), 1),
        null,
        List.of(
            new DataObject(
                new ObjectName("data/db/20261120T105801Z-3f9a1c2e.tar.zst"),
                new Size(4711),
                "sha256:00ff")));
  }

  @Test
  void a_backup_is_written_with_its_schema_first_and_its_fields_sorted() {
    assertThat(new String(BackupFile.write(backup()), StandardCharsets.UTF_8)).isEqualTo(TEXT);
  }

  @Test
  void a_backup_is_read_as_it_was_written() throws IOException {
    assertThat(read(TEXT)).isEqualTo(backup());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "\"schema\":1|\"schema\":2|x.json has schema 2, but this version of keg knows only 1",
        "\"schema\":1,|'' |its first field is not \"schema\"",
        "\"changed\":1|\"changed\":11|12 entries, 10 files, 11 changed",
        "\"changed\":1|\"changed\":\"1\"|field \"changed\" has an unexpected value",
        "\"host\":\"db1\",|''|field \"host\" is missing",
        "\"host\":\"db1\"|\"host\":\"\"|a backup comes from a host and a version of keg",
        "\"keg\":\"1.0.0\"|\"keg\":\"1.0.0\",\"kegs\":1|unknown field \"kegs\"",
        "105801Z-3f9a1c2e\",\"keg\"|105801Z\",\"keg\"|no backup can be called '20261120T105801Z'",
        "20261120T105801Z-3f9a1c2e\",\"keg\"|20261320T105801Z-3f9a1c2e\",\"keg\"|no time:"
            + " '20261320T105801Z'",
        "\"volume\":\"db\"|\"volume\":\"../db\"|no volume can be named '../db'",
        "\"name\":\"data/|\"name\":\"data/../|no object can be named"
            + " 'data/../db/20261120T105801Z-3f9a1c2e.tar.zst'",
        "\"name\":\"data/|\"name\":\"backups/|backups/db/20261120T105801Z-3f9a1c2e.tar.zst is no"
            + " data object",
        "\"size\":4711}]|\"size\":-1}]|a size is not negative: -1",
        "\"size\":4711}]|\"size\":4711,\"x\":1}]|unknown field \"x\"",
        "\"tags\":[\"a\",|\"tags\":[1,|list \"tags\" has an unexpected value",
        "\"tags\":[\"a\",|\"tags\":[\"a,b\",|a tag is a word without a comma",
        "2026-11-20T10:58:07Z|yesterday|Text 'yesterday' could not be parsed at index 0",
      })
  void a_backup_that_cannot_be_understood_is_refused(String was, String is, String message) {
    assertThat(TEXT).contains(was);
    assertThatThrownBy(() -> read(TEXT.replace(was, is)))
        .isInstanceOf(InvalidDocument.class)
        .hasMessage(message);
  }

  @Test
  void a_backup_without_data_is_refused() {
    String text = TEXT.replaceFirst("\\[\\{\"digest.*?}]", "[]");

    assertThatThrownBy(() -> read(text)).hasMessage("a backup has data");
  }

  private static BackupRecord read(String text) throws InvalidDocument {
    return BackupFile.read("x.json", text.getBytes(StandardCharsets.UTF_8));
  }
}
