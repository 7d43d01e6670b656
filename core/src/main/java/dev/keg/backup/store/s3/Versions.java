package dev.keg.backup.store.s3;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.s3.XmlParser.Element;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The objects of a bucket with object lock, which keeps every version of a name. Objects never
 * change, so the first version is the object, even if somebody has overwritten or hidden it.
 *
 * @param time how long nobody can delete what is written
 * @param ids the first versions seen so far
 * @param proven whether the server has proved that it locks
 */
record Versions(S3Client client, Duration time, Map<ObjectName, String> ids, AtomicBoolean proven) {
  Versions(S3Client client, Duration time) {
    this(client, time, new ConcurrentHashMap<>(), new AtomicBoolean());
  }

  private record Version(String id, StoredObject object) {}

  /** The request that writes an object with a lock. */
  S3Request locked(S3Request write) {
    return write
        .header("x-amz-object-lock-mode", "COMPLIANCE")
        .header("x-amz-object-lock-retain-until-date", text(client.now().plus(time)));
  }

  /**
   * Checks once that the server locked the object: some accept the headers and lock nothing. Uses
   * HEAD, which no server confuses with another request.
   */
  void requireLocked(ObjectName name) throws StoreException {
    if (proven.get()) {
      return;
    }
    String operation = "lock " + name;
    S3Answer answer = client.send(operation, S3Request.of("HEAD", client.location().key(name)));
    if (!answer.succeeded()) {
      throw client.failure(operation, answer);
    }
    if (!answer.header("x-amz-object-lock-mode").equals("COMPLIANCE")) {
      throw ignored(operation);
    }
    proven.set(true);
  }

  private StoreException ignored(String operation) {
    return new StoreException.Failed(
        client.location().address(),
        operation,
        "the server reports no lock, so the object can be deleted",
        "use a server that has object lock, and an account with s3:GetObjectRetention; or leave"
            + " out lock= in the address");
  }

  private static String text(Instant until) {
    return until.plusSeconds(1).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * The first versions of names with a prefix:
   *
   * <pre>
   * &lt;Version>&lt;Key>prefix/data/db/x&lt;/Key>&lt;VersionId>…&lt;/VersionId>&lt;LastModified>…&lt;/LastModified>&lt;Size>…
   * </pre>
   *
   * <p>The newest version of a name comes first. Additional versions take no memory.
   */
  List<StoredObject> list(String folder) throws StoreException {
    String operation = "list " + folder;
    Map<ObjectName, Version> first = new TreeMap<>();
    eachPage(
        operation,
        folder,
        page -> {
          for (Element entry : page.all("Version").toList()) {
            S3Store.stored(client, operation, entry)
                .map(object -> new Version(entry.textOf("VersionId"), object))
                .ifPresent(version -> first.put(version.object().name(), version));
          }
        });
    first.forEach((name, version) -> ids.put(name, version.id()));
    return first.values().stream().map(Version::object).toList();
  }

  /** Processes one page of a list. */
  @FunctionalInterface
  private interface PageReader {
    void read(Element page) throws StoreException;
  }

  private void eachPage(String operation, String folder, PageReader reader) throws StoreException {
    S3Request request =
        S3Request.of("GET", "")
            .query("versions", "")
            .query("prefix", client.location().prefix() + folder);
    boolean more = true;
    while (more) {
      Element page = S3Document.fetch(client, operation, request);
      reader.read(page);
      more = page.textOf("IsTruncated").equals("true");
      request =
          request
              .query("key-marker", page.textOf("NextKeyMarker"))
              .query("version-id-marker", page.textOf("NextVersionIdMarker"));
    }
  }

  /** The request for the object itself. */
  S3Request first(S3Request request, ObjectName name) throws StoreException {
    return request.query("versionId", id(name));
  }

  private String id(ObjectName name) throws StoreException {
    String id = ids.get(name);
    if (id == null) {
      list(name.text());
      id = ids.get(name);
    }
    if (id == null) {
      throw new StoreException.Absent(client.location().address(), name);
    }
    return id;
  }

  /** Deletes later versions that overwrite or hide the object, then the object itself. */
  void delete(ObjectName name) throws StoreException {
    String operation = "delete " + name;
    String key = client.location().key(name);
    List<String> newestFirst = new ArrayList<>();
    eachPage(
        operation,
        name.text(),
        page -> {
          page.all("DeleteMarker")
              .filter(entry -> entry.textOf("Key").equals(key))
              .forEach(entry -> newestFirst.addFirst(entry.textOf("VersionId")));
          page.all("Version")
              .filter(entry -> entry.textOf("Key").equals(key))
              .forEach(entry -> newestFirst.add(entry.textOf("VersionId")));
        });
    for (String id : newestFirst) {
      S3Answer answer = client.send(operation, S3Request.of("DELETE", key).query("versionId", id));
      if (!answer.succeeded() && answer.status() != 404) {
        throw refusal(operation, name, id, answer);
      }
    }
    ids.remove(name);
  }

  private StoreException refusal(String operation, ObjectName name, String id, S3Answer answer)
      throws StoreException {
    // AWS answers 403, MinIO 400, and both also for other reasons.
    Optional<Instant> until = lockEnd(operation, name, id).filter(this::isToCome);
    return until.isPresent()
        ? new StoreException.Kept(client.location().address(), name, until.get())
        : client.failure(operation, answer);
  }

  private boolean isToCome(Instant end) {
    return end.isAfter(client.now());
  }

  /** Until when the object is locked; empty if it is not. */
  Optional<Instant> keptUntil(ObjectName name) throws StoreException {
    return lockEnd("delete " + name, name, id(name)).filter(this::isToCome);
  }

  /** {@code <Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>…}. */
  private Optional<Instant> lockEnd(String operation, ObjectName name, String id)
      throws StoreException {
    S3Answer answer = client.send(operation, retention("GET", name, id));
    if (!answer.succeeded()) {
      return Optional.empty(); // it has no lock, or the account may not ask
    }
    try {
      return Optional.of(
          Instant.parse(S3Document.parse(client, operation, answer).textOf("RetainUntilDate")));
    } catch (DateTimeException e) {
      throw S3Document.unreadable(client, operation, e);
    }
  }

  private S3Request retention(String method, ObjectName name, String id) {
    return S3Request.of(method, client.location().key(name))
        .query("retention", "")
        .query("versionId", id);
  }

  /** Locks the object until then, unless it is locked for longer already. */
  void keep(ObjectName name, Instant until) throws StoreException {
    String operation = "lock " + name;
    String id = id(name);
    String body =
        """
        <Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
        <Mode>COMPLIANCE</Mode><RetainUntilDate>%s</RetainUntilDate></Retention>\
        """
            .formatted(text(until));
    S3Answer answer =
        client.send(
            operation,
            retention("PUT", name, id).body(RequestBody.text(body, client.location().encrypted())));
    if (answer.status() == 404) {
      ids.remove(name);
      throw new StoreException.Absent(client.location().address(), name);
    }
    if (answer.succeeded() && proven.get()) {
      return;
    }
    if (lockEnd(operation, name, id).filter(end -> !end.isBefore(until)).isEmpty()) {
      throw answer.succeeded() ? ignored(operation) : client.failure(operation, answer);
    }
    proven.set(true);
  }
}
