package dev.keg.backup.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.keg.backup.store.ObjectName;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.Labels;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code backups/VOLUME/ID.json}:
 *
 * <pre>
 * {"schema":1,"changed":0,"created":"2026-11-01T08:00:00Z","driver":"local","entries":12,"files":10,
 *  "finished":"2026-11-20T10:58:07Z","host":"db1","id":"20261120T105801Z-3f9a1c2e","keg":"1.0.0",
 *  "labels":{},"objects":[{"digest":"sha256:…","name":"data/db/….tar.zst","size":4711}],
 *  "options":{},"parent":"…","size":98304,"stored":4711,"tags":["nightly"],"volume":"db"}
 * </pre>
 *
 * <p>A full backup has no {@code parent}.
 */
final class BackupFile {
  private BackupFile() {}

  static byte[] write(BackupRecord backup) {
    return JsonDocument.write(Schema.CURRENT, json -> write(json, backup));
  }

  private static void write(JsonGenerator json, BackupRecord backup) throws IOException {
    Volume volume = backup.volume();
    Contents contents = backup.contents();
    json.writeNumberField("changed", contents.changed());
    json.writeStringField("created", volume.created().toString());
    json.writeStringField("driver", volume.driver());
    json.writeNumberField("entries", contents.entries());
    json.writeNumberField("files", contents.files());
    json.writeStringField("finished", backup.finished().toString());
    json.writeStringField("host", backup.origin().host());
    json.writeStringField("id", backup.id().text());
    json.writeStringField("keg", backup.origin().keg());
    JsonDocument.writeMap(json, "labels", volume.labels().map());
    writeObjects(json, backup.objects());
    JsonDocument.writeMap(json, "options", volume.options());
    BackupId parent = backup.parent();
    if (parent != null) {
      json.writeStringField("parent", parent.text());
    }
    json.writeNumberField("size", contents.size().bytes());
    json.writeNumberField("stored", contents.stored().bytes());
    JsonDocument.writeTexts(json, "tags", backup.tags());
    json.writeStringField("volume", volume.name().text());
  }

  private static void writeObjects(JsonGenerator json, List<DataObject> objects)
      throws IOException {
    json.writeArrayFieldStart("objects");
    for (DataObject object : objects) {
      json.writeStartObject();
      json.writeStringField("digest", object.digest());
      json.writeStringField("name", object.name().text());
      json.writeNumberField("size", object.size().bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static BackupRecord read(String name, byte[] bytes) throws InvalidDocument {
    return Schema.read(
        name,
        bytes,
        json ->
            new BackupRecord(
                new BackupId(json.text("id")),
                volume(json),
                new Origin(json.text("host"), json.text("keg")),
                Instant.parse(json.text("finished")),
                tags(json),
                contents(json),
                parent(json),
                objects(json)));
  }

  private static Volume volume(JsonDocument json) throws InvalidDocument {
    String name = json.text("volume");
    return new Volume(
        VolumeName.lookup(name)
            .orElseThrow(() -> new InvalidDocument("no volume can be named '" + name + "'")),
        json.text("driver"),
        json.map("options"),
        new Labels(json.map("labels")),
        Instant.parse(json.text("created")));
  }

  private static Set<String> tags(JsonDocument json) throws InvalidDocument {
    return new TreeSet<>(json.texts("tags"));
  }

  private static Contents contents(JsonDocument json) throws InvalidDocument {
    return new Contents(
        json.number("entries"),
        json.number("files"),
        new Size(json.number("size")),
        new Size(json.number("stored")),
        json.number("changed"));
  }

  private static @Nullable BackupId parent(JsonDocument json) throws InvalidDocument {
    return json.optionalText("parent").map(BackupId::new).orElse(null);
  }

  private static List<DataObject> objects(JsonDocument json) throws InvalidDocument {
    List<DataObject> objects = new ArrayList<>();
    for (JsonDocument object : json.documents("objects")) {
      objects.add(
          new DataObject(
              new ObjectName(object.text("name")),
              new Size(object.number("size")),
              object.text("digest")));
      object.end();
    }
    return objects;
  }
}
