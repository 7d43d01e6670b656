package dev.keg.backup.store.s3;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.backup.store.s3.XmlParser.Element;
import dev.keg.volume.Size;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Objects in a bucket, below a prefix; with object lock, the first version of each name. */
final class S3Store implements ObjectStore {
  private final S3Client client;
  private final int smallestPart;
  private final Optional<Versions> versions;
  private volatile @Nullable Boolean locksByItself;

  /**
   * @param lock how long nobody can delete what is written; zero for a bucket without object lock
   */
  S3Store(S3Client client, int smallestPart, Duration lock) {
    this.client = client;
    this.smallestPart = smallestPart;
    this.versions = lock.isZero() ? Optional.empty() : Optional.of(new Versions(client, lock));
  }

  @Override
  public String address() {
    return client.location().address();
  }

  @Override
  public boolean wantsSizes() {
    return true;
  }

  @Override
  public PendingObject create(ObjectName name, Size expected) {
    return create(name, expected, versions);
  }

  @Override
  public PendingObject createPassing(ObjectName name, Size expected) {
    return create(name, expected, Optional.empty());
  }

  private PendingObject create(ObjectName name, Size expected, Optional<Versions> lock) {
    return new S3Upload(client, name, PartSizes.forObject(expected, smallestPart), lock);
  }

  @Override
  public Duration lock() {
    return versions.map(Versions::time).orElse(Duration.ZERO);
  }

  @Override
  public Optional<Instant> keptUntil(ObjectName name) throws StoreException {
    return versions.isPresent() ? versions.get().keptUntil(name) : Optional.empty();
  }

  @Override
  public void keep(ObjectName name, Instant until) throws StoreException {
    if (versions.isEmpty()) {
      ObjectStore.super.keep(name, until);
    } else {
      versions.get().keep(name, until);
    }
  }

  @Override
  public int read(ObjectName name, long offset, ByteBuffer target) throws StoreException {
    if (!target.hasRemaining()) {
      return 0;
    }
    String operation = "read " + name;
    S3Request request =
        S3Request.of("GET", client.location().key(name))
            .header("range", "bytes=%d-%d".formatted(offset, offset + target.remaining() - 1))
            .into(target);
    S3Answer answer =
        client.send(
            operation, versions.isPresent() ? versions.get().first(request, name) : request);
    if (answer.status() == 416) {
      return 0;
    }
    if (answer.status() == 404 && !isBucketMissing(answer)) {
      versions.ifPresent(all -> all.ids().remove(name));
      throw new StoreException.Absent(address(), name);
    }
    if (answer.status() == 206 || (answer.status() == 200 && offset == 0)) {
      return skip(operation, answer.copied(), target);
    }
    throw client.failure(operation, answer);
  }

  private static boolean isBucketMissing(S3Answer answer) {
    return S3Failures.ErrorBody.of(answer).code().equals("NoSuchBucket");
  }

  /** Passes over what was copied to the target. */
  private int skip(String operation, long length, ByteBuffer target) throws StoreException {
    if (length > target.remaining()) {
      throw new StoreException.Failed(
          address(), operation, "it sent more than was asked for; perhaps it ignores ranges", null);
    }
    target.position(target.position() + (int) length);
    return (int) length;
  }

  @Override
  public List<StoredObject> list(String folder) throws StoreException {
    if (versions.isPresent()) {
      return versions.get().list(folder);
    }
    String operation = "list " + folder;
    List<StoredObject> found = new ArrayList<>();
    new S3Pages(client, operation)
        .each(
            client.location().prefix() + folder,
            (_, page) -> {
              for (Element entry : page.all("Contents").toList()) {
                stored(client, operation, entry).ifPresent(found::add);
              }
            });
    found.sort(Comparator.comparing(StoredObject::name));
    return List.copyOf(found);
  }

  /**
   * An entry of a listing, if it is one of Keg's objects:
   *
   * <pre>
   * &lt;Contents>&lt;Key>prefix/data/db/x&lt;/Key>&lt;LastModified>2026-11-20T10:58:07.000Z&lt;/LastModified>
   *   &lt;Size>4711&lt;/Size>&lt;/Contents></pre>
   */
  static Optional<StoredObject> stored(S3Client client, String operation, Element entry)
      throws StoreException {
    Optional<ObjectName> name = client.location().name(entry.textOf("Key"));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new StoredObject(
              name.get(),
              new Size(Long.parseLong(entry.textOf("Size"))),
              Instant.parse(entry.textOf("LastModified"))));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw S3Document.unreadable(client, operation, e);
    }
  }

  @Override
  public void delete(ObjectName name) throws StoreException {
    if (versions.isPresent()) {
      versions.get().delete(name);
      return;
    }
    String operation = "delete " + name;
    S3Answer answer = client.send(operation, S3Request.of("DELETE", client.location().key(name)));
    if (!answer.succeeded() && (answer.status() != 404 || isBucketMissing(answer))) {
      throw client.failure(operation, answer);
    }
    if (answer.header("x-amz-delete-marker").equals("true") && locksByItself()) {
      throw new StoreException.Failed(
          address(),
          operation,
          "the bucket locks what is written, so the object is only hidden",
          "name the lock in the address, such as ?lock=30d: Keg then deletes objects when their"
              + " lock has expired, and reads hidden ones");
    }
  }

  /**
   * Whether the bucket locks objects that are written without a lock. If this cannot be determined,
   * or it does not, then a hidden object is merely an old version in a versioned bucket, as its
   * owner wants.
   */
  private boolean locksByItself() throws StoreException {
    Boolean known = locksByItself;
    if (known == null) {
      known = hasDefaultLock();
      locksByItself = known;
    }
    return known;
  }

  private boolean hasDefaultLock() throws StoreException {
    S3Answer answer =
        client.send("look for a lock", S3Request.of("GET", "").query("object-lock", ""));
    return answer.succeeded()
        && S3Document.parse(client, "look for a lock", answer).all("Rule").findAny().isPresent();
  }

  @Override
  public void clearUnfinished(Instant before) throws StoreException {
    new UnfinishedUploads(client).clear(before);
  }

  @Override
  public void close() {
    client.close();
  }
}
