package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.store.ObjectName;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
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
public final class BackupFile {
  private BackupFile() {}

  public static byte[] write(BackupRecord backup) {
    Volume volume = backup.volume();
    Counts counts = backup.counts();
    BackupId parent = backup.parent();
    return JsonObject.ofSchema(Schema.CURRENT)
        .put("changed", counts.changed())
        .put("created", volume.created().toString())
        .put("driver", volume.driver())
        .put("entries", counts.entries())
        .put("files", counts.files())
        .put("finished", backup.finished().toString())
        .put("host", backup.origin().host())
        .put("id", backup.id().text())
        .put("keg", backup.origin().keg())
        .put("labels", volume.labels().map())
        .objects("objects", backup.objects().stream().map(BackupFile::json).toList())
        .put("options", volume.options().map())
        .and(parent == null ? new JsonObject() : new JsonObject().put("parent", parent.text()))
        .put("size", counts.size().bytes())
        .put("stored", counts.stored().bytes())
        .texts("tags", List.copyOf(backup.tags()))
        .put("volume", volume.name().text())
        .bytes();
  }

  private static JsonObject json(DataObject object) {
    return new JsonObject()
        .put("digest", object.digest())
        .put("name", object.name().text())
        .put("size", object.size().bytes());
  }

  public static BackupRecord read(String name, byte[] bytes) throws InvalidDocument {
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
        new Options(json.map("options")),
        new Labels(json.map("labels")),
        Instant.parse(json.text("created")));
  }

  private static Set<String> tags(JsonDocument json) throws InvalidDocument {
    return new TreeSet<>(json.texts("tags"));
  }

  private static Counts contents(JsonDocument json) throws InvalidDocument {
    return new Counts(
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
