package dev.keg.backup.store.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.keg.backup.store.s3.signing.Credentials;
import dev.keg.backup.store.s3.signing.Digests;
import dev.keg.backup.store.s3.signing.Signature;
import dev.keg.fixtures.server.FakeServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small S3 server that checks signatures; with {@code UNABLE} it does not support conditions.
 * With object lock, it keeps every version, and deletes none before its time.
 */
public final class FakeS3 extends FakeServer {
  public static final Credentials CREDENTIALS =
      new Credentials("AKIDEXAMPLE", "s3cr3t/+key", null, null);
  public static final String BUCKET = "buck";

  private static final int PAGE = 10;
  private static final Duration SKEW = Duration.ofMinutes(15);

  // The versions of each key, the newest last.
  private final SortedMap<String, List<Blob>> objects = new TreeMap<>();
  private final boolean locking;
  private boolean ignoring;
  private int refusal = 403;
  private Duration defaultLock = Duration.ZERO;
  private boolean hidesParts;
  private boolean heedsClock;
  private Duration ahead = Duration.ZERO;
  private final Map<String, Upload> uploads = new TreeMap<>();
  private int nextUpload;

  private int nextVersion;

  /** One version; a marker stands for a deletion. */
  private record Blob(
      ByteBuffer bytes, String tag, Instant stored, String id, Instant until, boolean marker) {}

  private record Part(ByteBuffer bytes, Instant stored) {}

  private record Upload(String key, SortedMap<Integer, Part> parts, Instant begun, Instant until) {}

  public FakeS3() throws IOException {
    this(false);
  }

  /** A bucket with object lock. */
  FakeS3(boolean locking) throws IOException {
    this.locking = locking;
    start();
  }

  /** Another server with the same objects. */
  FakeS3 copy() throws IOException {
    FakeS3 copy = new FakeS3(locking);
    objects.forEach((key, versions) -> copy.objects.put(key, new ArrayList<>(versions)));
    copy.nextVersion = nextVersion;
    copy.ahead = ahead;
    return copy;
  }

  /** Ignores locks from now on, as some servers do. */
  void ignoreLocks() {
    ignoring = true;
  }

  /** Locks objects that are written without a lock for this time. */
  void lockByDefault(Duration time) {
    defaultLock = time;
  }

  /** Hides the parts of unfinished uploads. */
  void hideParts() {
    hidesParts = true;
  }

  /** The status for attempts to delete a locked object: AWS 403, MinIO 400. */
  void refuseWith(int status) {
    refusal = status;
  }

  /** Advances the server's clock. */
  void advance(Duration time) {
    ahead = ahead.plus(time);
  }

  /** Refuses requests that were signed at a different time from its clock's, as S3 does. */
  public void heedClock() {
    heedsClock = true;
  }

  private Instant now() {
    return Instant.now().plus(ahead);
  }

  public URI endpoint() {
    return URI.create("http://" + host());
  }

  /** Waits until the part of an upload has arrived. */
  void awaitPart(int number) throws InterruptedException {
    synchronized (objects) {
      while (uploads.values().stream().noneMatch(u -> u.parts().containsKey(number))) {
        objects.wait();
      }
    }
  }

  int unfinishedUploads() {
    synchronized (objects) {
      return uploads.size();
    }
  }

  private static Reply xml(String text) {
    return Reply.of(200, Map.of(), text.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply error(int status, String code) {
    return error(status, code, "as told");
  }

  private static Reply error(int status, String code, String message) {
    return Reply.of(
        status,
        Map.of(),
        "<?xml version=\"1.0\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(code, message)
            .getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected Reply reply(HttpExchange exchange, byte[] body, Behaviour behaviour) {
    if (behaviour == Behaviour.NOT_NOW) {
      return error(503, "SlowDown");
    }
    if (behaviour == Behaviour.SERVER_ERROR) {
      return error(500, "InternalError");
    }
    if (behaviour == Behaviour.TOKEN_IS_OVER) {
      return error(400, "ExpiredToken");
    }
    if (!isSigned(exchange, body)) {
      return error(403, "SignatureDoesNotMatch");
    }
    if (heedsClock && Duration.between(signed(exchange), now()).abs().compareTo(SKEW) > 0) {
      return error(403, "RequestTimeTooSkewed");
    }
    String path = decode(exchange.getRequestURI().getRawPath());
    Map<String, String> query = query(exchange.getRequestURI());
    if (!path.startsWith("/" + BUCKET + "/")) {
      return error(404, "NoSuchBucket");
    }
    boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
    String expected = header(exchange, "If-Match");
    if (conditional && behaviour == Behaviour.UNABLE) {
      return error(501, "NotImplemented");
    }
    if ((conditional || !expected.isEmpty()) && behaviour == Behaviour.CONFLICT) {
      return error(409, "ConditionalRequestConflict");
    }
    if (behaviour == Behaviour.IGNORANT) {
      conditional = false;
      expected = "";
    }
    String key = path.substring(BUCKET.length() + 2);
    synchronized (objects) {
      Optional<Blob> present = version(key, null);
      if (!expected.isEmpty() && present.isEmpty()) {
        return error(404, "NoSuchKey");
      }
      if (!expected.isEmpty() && !present.orElseThrow().tag().equals(expected)) {
        return error(412, "PreconditionFailed");
      }
      return switch (exchange.getRequestMethod()) {
        case "GET" -> key.isEmpty() ? list(query) : get(key, query, range(exchange));
        case "HEAD" -> head(key);
        case "PUT", "POST" -> write(exchange, key, query, body, conditional);
        case "DELETE" -> delete(key, query);
        default -> Reply.of(405);
      };
    }
  }

  private boolean isSigned(HttpExchange exchange, byte[] body) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    String names = given.replaceFirst(".*SignedHeaders=([^,]+),.*", "$1");
    SortedMap<String, String> headers = new TreeMap<>();
    for (String name : Arrays.asList(names.split(";", -1))) {
      headers.put(name, exchange.getRequestHeaders().getFirst(name));
    }
    String hash = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
    String md5 = exchange.getRequestHeaders().getFirst("content-md5");
    URI uri = exchange.getRequestURI();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    String expected =
        new Signature(CREDENTIALS, "us-east-1", signed(exchange))
            .sign(
                new Signature.Subject(
                    exchange.getRequestMethod(), uri.getRawPath(), query, headers),
                hash)
            .get("authorization");
    return given.equals(expected)
        && hash.equals(Digests.sha256(body, body.length))
        && (md5 == null || md5.equals(Digests.md5(body, body.length)));
  }

  private static Instant signed(HttpExchange exchange) {
    return java.time.format.DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
        .withZone(java.time.ZoneOffset.UTC)
        .parse(exchange.getRequestHeaders().getFirst("x-amz-date"), Instant::from);
  }

  private Reply write(
      HttpExchange exchange,
      String key,
      Map<String, String> query,
      byte[] body,
      boolean conditional) {
    String until = ignoring ? "" : header(exchange, "x-amz-object-lock-retain-until-date");
    if (!until.isEmpty() && !locking) {
      return error(400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
    }
    boolean unchecked = header(exchange, "content-md5").isEmpty();
    if (!until.isEmpty() && unchecked && exchange.getRequestMethod().equals("PUT")) {
      return error(400, "InvalidRequest", "Content-MD5 is required with Object Lock");
    }
    if (query.containsKey("retention")) {
      return retain(
          key, query.getOrDefault("versionId", ""), new String(body, StandardCharsets.UTF_8));
    }
    Instant byDefault = defaultLock.isZero() ? Instant.MIN : now().plus(defaultLock);
    Instant end = until.isEmpty() ? byDefault : Instant.parse(until);
    return exchange.getRequestMethod().equals("PUT")
        ? put(key, query, body, conditional, end)
        : post(key, query, conditional, end);
  }

  private Optional<Blob> version(String key, @Nullable String id) {
    List<Blob> versions = objects.getOrDefault(key, List.of());
    if (id != null) {
      return versions.stream().filter(blob -> blob.id().equals(id)).findFirst();
    }
    return versions.isEmpty() || versions.getLast().marker()
        ? Optional.empty()
        : Optional.of(versions.getLast());
  }

  /** Compliance mode does not permit a shorter time. */
  private Reply retain(String key, String id, String body) {
    Instant until = Instant.parse(body.replaceFirst(".*<RetainUntilDate>(.*)</Retain.*", "$1"));
    Optional<Blob> found = version(key, id);
    if (found.isEmpty()) {
      return error(404, "NoSuchVersion");
    }
    Blob blob = found.get();
    if (until.isBefore(blob.until())) {
      return error(403, "AccessDenied");
    }
    if (ignoring) {
      return Reply.of(200);
    }
    List<Blob> versions = objects.getOrDefault(key, List.of());
    versions.set(
        versions.indexOf(blob),
        new Blob(blob.bytes(), blob.tag(), blob.stored(), blob.id(), until, blob.marker()));
    return Reply.of(200);
  }

  private Reply retention(Blob blob) {
    return blob.until().equals(Instant.MIN)
        ? error(404, "NoSuchObjectLockConfiguration")
        : xml(
            "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>%s</RetainUntilDate></Retention>"
                .formatted(blob.until()));
  }

  private static @Nullable String range(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Range");
  }

  private Reply get(String key, Map<String, String> query, @Nullable String range) {
    if (query.containsKey("uploadId")) {
      return hidesParts ? error(403, "AccessDenied") : parts(query);
    }
    Optional<Blob> found = version(key, query.get("versionId"));
    if (found.isEmpty()) {
      return error(404, query.containsKey("versionId") ? "NoSuchVersion" : "NoSuchKey");
    }
    Blob blob = found.get();
    if (query.containsKey("retention")) {
      return retention(blob);
    }
    if (range == null) {
      return new Reply(200, Map.of("ETag", blob.tag()), blob.bytes());
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    long first = Long.parseLong(ends[0]);
    long last = Math.min(Long.parseLong(ends[1]), blob.bytes().limit() - 1);
    return first > last
        ? error(416, "InvalidRange")
        : new Reply(206, Map.of(), blob.bytes().slice((int) first, (int) (last - first + 1)));
  }

  /** One part a page. */
  private Reply parts(Map<String, String> query) {
    Upload upload = uploads.get(query.get("uploadId"));
    if (upload == null) {
      return error(404, "NoSuchUpload");
    }
    int after = Integer.parseInt(query.getOrDefault("part-number-marker", "0"));
    SortedMap<Integer, Part> left = upload.parts().tailMap(after + 1);
    return xml(
        left.isEmpty()
            ? "<Result><IsTruncated>false</IsTruncated></Result>"
            : "<Result><Part><LastModified>%s</LastModified></Part><IsTruncated>%b</IsTruncated><NextPartNumberMarker>%d</NextPartNumberMarker></Result>"
                .formatted(
                    left.firstEntry().getValue().stored(), left.size() > 1, left.firstKey()));
  }

  private Reply head(String key) {
    return version(key, null)
        .map(
            blob ->
                new Reply(
                    200,
                    blob.until().equals(Instant.MIN)
                        ? Map.of("Content-Length", "" + blob.bytes().limit())
                        : Map.of(
                            "Content-Length",
                            "" + blob.bytes().limit(),
                            "x-amz-object-lock-mode",
                            "COMPLIANCE"),
                    ByteBuffer.allocate(0)))
        .orElseGet(() -> Reply.of(404));
  }

  private Reply put(
      String key, Map<String, String> query, byte[] body, boolean conditional, Instant until) {
    if (query.containsKey("partNumber")) {
      Upload upload = uploads.get(query.get("uploadId"));
      if (upload == null) {
        return error(404, "NoSuchUpload");
      }
      int number = Integer.parseInt(query.get("partNumber"));
      if (number > 10_000) {
        return error(400, "InvalidArgument", "Part number must be between 1 and 10000");
      }
      upload.parts().put(number, new Part(ByteBuffer.wrap(body), now()));
      objects.notifyAll();
      return new Reply(200, Map.of("ETag", tag(body)), ByteBuffer.allocate(0));
    }
    return publish(key, body, conditional, until);
  }

  /** Not an MD5, as with encryption by the server: clients may only compare it. */
  private static String tag(byte[] body) {
    CRC32C sum = new CRC32C();
    sum.update(body);
    return "\"%08x-%d\"".formatted(sum.getValue(), body.length);
  }

  private Reply publish(String key, byte[] bytes, boolean conditional, Instant until) {
    if (conditional && version(key, null).isPresent()) {
      return error(412, "PreconditionFailed");
    }
    add(key, bytes, until, false);
    return new Reply(
        200, Map.of("ETag", version(key, null).orElseThrow().tag()), ByteBuffer.allocate(0));
  }

  private void add(String key, byte[] bytes, Instant until, boolean marker) {
    List<Blob> versions = objects.computeIfAbsent(key, _ -> new ArrayList<>());
    if (!locking) {
      versions.clear();
    }
    versions.add(
        new Blob(ByteBuffer.wrap(bytes), tag(bytes), now(), "v/" + nextVersion++, until, marker));
  }

  private Reply post(String key, Map<String, String> query, boolean conditional, Instant until) {
    if (query.containsKey("uploads")) {
      String id = "upload " + nextUpload++;
      uploads.put(id, new Upload(key, new TreeMap<>(), now(), until));
      return xml(
          "<R xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><UploadId>%s</UploadId></R>"
              .formatted(id));
    }
    Upload upload = uploads.get(query.get("uploadId"));
    if (upload == null) {
      return error(404, "NoSuchUpload");
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    upload.parts().values().forEach(part -> whole.writeBytes(part.bytes().array()));
    Reply reply = publish(key, whole.toByteArray(), conditional, upload.until());
    if (reply.status() == 200) {
      uploads.remove(query.get("uploadId"));
      return xml("<CompleteMultipartUploadResult/>");
    }
    return reply;
  }

  private Reply delete(String key, Map<String, String> query) {
    if (query.containsKey("uploadId")) {
      return uploads.remove(query.get("uploadId")) == null
          ? error(404, "NoSuchUpload")
          : Reply.of(204);
    }
    if (query.containsKey("versionId")) {
      return deleteVersion(key, query.get("versionId"));
    }
    if (locking) {
      add(key, new byte[0], Instant.MIN, true);
      return Reply.of(204, Map.of("x-amz-delete-marker", "true"), new byte[0]);
    } else {
      objects.remove(key);
    }
    return Reply.of(204);
  }

  private Reply deleteVersion(String key, String id) {
    Optional<Blob> found = version(key, id);
    if (found.filter(blob -> blob.until().isAfter(now())).isPresent()) {
      return error(refusal, refusal == 403 ? "AccessDenied" : "InvalidRequest");
    }
    objects.getOrDefault(key, new ArrayList<>()).removeAll(found.stream().toList());
    return Reply.of(204);
  }

  private Reply list(Map<String, String> query) {
    if (query.containsKey("object-lock")) {
      return defaultLock.isZero()
          ? error(404, "ObjectLockConfigurationNotFoundError")
          : xml(
              "<ObjectLockConfiguration><Rule><DefaultRetention/></Rule></ObjectLockConfiguration>");
    }
    String prefix = query.getOrDefault("prefix", "");
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Result>");
    if (query.containsKey("uploads")) {
      uploads.forEach(
          (id, upload) ->
              xml.append(
                  "<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>%s</Initiated></Upload>"
                      .formatted(escape(upload.key()), id, upload.begun())));
      return xml(xml.append("<IsTruncated>false</IsTruncated></Result>").toString());
    }
    if (query.containsKey("versions")) {
      return versions(prefix, query, xml);
    }
    String after = query.getOrDefault("continuation-token", "");
    List<Map.Entry<String, List<Blob>>> found =
        objects.entrySet().stream()
            .filter(e -> e.getKey().startsWith(prefix) && e.getKey().compareTo(after) > 0)
            .filter(e -> version(e.getKey(), null).isPresent())
            .toList();
    for (Map.Entry<String, List<Blob>> entry : found.subList(0, Math.min(PAGE, found.size()))) {
      Blob blob = entry.getValue().getLast();
      xml.append(
          "<Contents><Key>%s</Key><LastModified>%s</LastModified>"
              .concat("<ETag>%s</ETag><Size>%d</Size></Contents>")
              .formatted(escape(entry.getKey()), blob.stored(), blob.tag(), blob.bytes().limit()));
    }
    boolean more = found.size() > PAGE;
    xml.append("<IsTruncated>%b</IsTruncated>".formatted(more));
    if (more) {
      xml.append(
          "<NextContinuationToken>%s</NextContinuationToken>"
              .formatted(escape(found.get(PAGE - 1).getKey())));
    }
    return xml(xml.append("</Result>").toString());
  }

  /**
   * Ordered by key, and for one key the newest first; a page may end between two versions of a key.
   */
  private Reply versions(String prefix, Map<String, String> query, StringBuilder xml) {
    List<Map.Entry<String, Blob>> found = new ArrayList<>();
    objects.forEach(
        (key, versions) -> versions.reversed().forEach(blob -> found.add(Map.entry(key, blob))));
    found.removeIf(entry -> !entry.getKey().startsWith(prefix));
    String key = query.getOrDefault("key-marker", "");
    String id = query.getOrDefault("version-id-marker", "");
    int start = 0;
    for (int i = 0; i < found.size() && !key.isEmpty(); i++) {
      if (found.get(i).getKey().equals(key) && found.get(i).getValue().id().equals(id)) {
        start = i + 1;
      }
    }
    int end = Math.min(start + PAGE, found.size());
    for (Map.Entry<String, Blob> entry : found.subList(start, end)) {
      Blob blob = entry.getValue();
      xml.append(
          "<%1$s><Key>%2$s</Key><VersionId>%3$s</VersionId><LastModified>%4$s</LastModified><Size>%5$d</Size></%1$s>"
              .formatted(
                  blob.marker() ? "DeleteMarker" : "Version",
                  escape(entry.getKey()),
                  blob.id(),
                  blob.stored(),
                  blob.bytes().limit()));
    }
    boolean more = end < found.size();
    xml.append("<IsTruncated>%b</IsTruncated>".formatted(more));
    if (more) {
      xml.append("<NextKeyMarker>%s</NextKeyMarker>".formatted(escape(found.get(end - 1).getKey())))
          .append(
              "<NextVersionIdMarker>%s</NextVersionIdMarker>"
                  .formatted(found.get(end - 1).getValue().id()));
    }
    return xml(xml.append("</Result>").toString());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    if (uri.getRawQuery() != null) {
      for (String pair : Arrays.asList(uri.getRawQuery().split("&", -1))) {
        int equals = pair.indexOf('=');
        query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
