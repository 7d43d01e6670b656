package dev.keg.backup.repository;

import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.Fetch;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The objects that a run of {@code forget} left unreferenced, and since when by the store's clock.
 *
 * <p>It is written to {@code forgotten/TIME-RANDOM.json}:
 *
 * <pre>{"schema":1,"objects":["data/db/20261120T105801Z-3f9a1c2e.tar.zst"]}</pre>
 *
 * <p>With {@code "now":true}, they, or their replaced parts, are deleted without a grace period.
 *
 * @param ids the ids of the data objects, which identify them and their rests; a case-insensitive
 *     disk may return their folders in another case
 * @param readable an unreadable tombstone counts as naming everything
 * @param grace when they are deleted; at once if the tombstone is unreadable
 */
record Tombstone(
    ObjectName object, Instant stored, Set<String> ids, boolean readable, Grace grace) {
  static List<Tombstone> all(ObjectStore store) throws StoreException {
    return Fetch.each(store.list(RepositoryLayout.FORGOTTEN), listed -> read(store, listed))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** The data objects that will not be deleted. */
  static List<StoredObject> spared(ObjectStore store, List<StoredObject> data)
      throws StoreException {
    List<Tombstone> tombstones = data.isEmpty() ? List.of() : all(store);
    return data.stream()
        .filter(object -> tombstones.stream().noneMatch(t -> t.covers(object.name())))
        .toList();
  }

  private static Optional<Tombstone> read(ObjectStore store, StoredObject listed)
      throws StoreException {
    try {
      Content content = read(listed.name().text(), SmallObjects.read(store, listed));
      Set<String> ids =
          content.objects().stream().map(Rest::id).collect(Collectors.toUnmodifiableSet());
      return Optional.of(new Tombstone(listed.name(), listed.stored(), ids, true, content.grace()));
    } catch (InvalidDocument _) {
      return Optional.of(
          new Tombstone(listed.name(), listed.stored(), Set.of(), false, Grace.NONE));
    } catch (StoreException.Absent _) {
      return Optional.empty();
    }
  }

  /** When an object was last named, by its id. */
  static Map<String, Instant> named(Collection<Tombstone> tombstones) {
    Map<String, Instant> named = new HashMap<>();
    for (Tombstone tombstone : tombstones) {
      tombstone.ids.forEach(id -> named.merge(id, tombstone.stored, Tombstone::later));
    }
    return named;
  }

  /** The time of the newest unreadable tombstone, which counts as naming everything. */
  static Optional<Instant> unreadable(Collection<Tombstone> tombstones) {
    return tombstones.stream()
        .filter(tombstone -> !tombstone.readable)
        .map(Tombstone::stored)
        .reduce(Tombstone::later);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  boolean covers(ObjectName data) {
    return !readable || ids.contains(Rest.id(data));
  }

  boolean olderThan(Duration age, Instant now) {
    return stored.plus(age).isBefore(now);
  }

  /** The content of a tombstone. */
  record Content(Set<ObjectName> objects, Grace grace) {
    Content {
      objects = Set.copyOf(objects);
    }
  }

  static byte[] write(Collection<ObjectName> objects, Grace grace) {
    return JsonObject.ofSchema(Schema.CURRENT)
        .ifTrue("now", grace == Grace.NONE)
        .texts("objects", objects.stream().sorted().map(ObjectName::text).toList())
        .bytes();
  }

  static Content read(String name, byte[] bytes) throws InvalidDocument {
    return Schema.read(
        name,
        bytes,
        json -> {
          Set<ObjectName> objects = new TreeSet<>();
          for (String object : json.texts("objects")) {
            objects.add(new ObjectName(object));
          }
          return new Content(
              objects, json.has("now") && json.truth("now") ? Grace.NONE : Grace.DAY);
        });
  }
}
