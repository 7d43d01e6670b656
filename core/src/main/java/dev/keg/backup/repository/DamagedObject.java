package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The damaged parts of a data object that a verification found.
 *
 * <p>It is written to {@code checks/VOLUME/ID/damage-TIME-RANDOM.json}, with the ID of the object:
 *
 * <pre>{"schema":1,"frames":[{"offset":4711}],"object":"data/db/20261120T105801Z-3f9a1c2e.tar.zst"}
 * </pre>
 *
 * @param frames the offsets of bad frames and index pages, or of the footer if the index cannot be
 *     read; if it is empty, the whole object is useless
 */
public record DamagedObject(ObjectName object, SortedSet<Long> frames) {
  public DamagedObject {
    frames = Collections.unmodifiableSortedSet(new TreeSet<>(frames));
  }

  /** Records it beside the checks of the volume whose backup stored the object. */
  void note(ObjectStore store, Instant now, RandomGenerator random) throws StoreException {
    SmallObjects.writePassing(store, RepositoryLayout.damage(object, now, random), write(this));
  }

  /**
   * Removes these frames from the recorded damage; without frames, all recorded damage of the
   * object.
   */
  void forget(ObjectStore store, Instant now, RandomGenerator random) throws StoreException {
    String folder = RepositoryLayout.folder(RepositoryLayout.damage(object, now, random));
    for (StoredObject note : store.list(folder)) {
      if (!RepositoryLayout.isDamage(note)) {
        continue;
      }
      DamagedObject noted = of(store, note);
      SortedSet<Long> left = new TreeSet<>(noted.frames());
      left.removeAll(frames);
      boolean isWhole = noted.frames().isEmpty();
      if (!frames.isEmpty() && (isWhole || left.size() == noted.frames().size())) {
        continue;
      }
      if (!frames.isEmpty() && !left.isEmpty()) {
        new DamagedObject(noted.object(), left).note(store, now, random);
      }
      SmallObjects.deletePassing(store, note.name());
    }
  }

  /** A damage note that is itself damaged condemns its whole object. */
  static DamagedObject of(ObjectStore store, StoredObject note) throws StoreException {
    try {
      return read(note.name().text(), SmallObjects.read(store, note));
    } catch (InvalidDocument | StoreException.Absent _) {
      return new DamagedObject(RepositoryLayout.objectOfDamage(note.name()), new TreeSet<>());
    }
  }

  static byte[] write(DamagedObject damage) {
    return JsonObject.ofSchema(Schema.CURRENT)
        .objects(
            "frames",
            damage.frames().stream().map(at -> new JsonObject().put("offset", at)).toList())
        .put("object", damage.object().text())
        .bytes();
  }

  static DamagedObject read(String name, byte[] bytes) throws InvalidDocument {
    return Schema.read(
        name, bytes, json -> new DamagedObject(new ObjectName(json.text("object")), frames(json)));
  }

  private static SortedSet<Long> frames(JsonDocument json) throws InvalidDocument {
    SortedSet<Long> frames = new TreeSet<>();
    for (JsonDocument frame : json.documents("frames")) {
      frames.add(frame.number("offset"));
      frame.end();
    }
    return frames;
  }
}
