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
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A small S3 that checks signatures; one that is unable takes no condition. */
final class FakeS3 extends FakeServer {
  static final Credentials CREDENTIALS = new Credentials("AKIDEXAMPLE", "s3cr3t/+key", null, null);
  static final String BUCKET = "buck";

  private static final int PAGE = 10;

  private final SortedMap<String, Blob> objects = new TreeMap<>();
  private final Map<String, Upload> uploads = new TreeMap<>();
  private int nextUpload;

  private record Blob(ByteBuffer bytes, Instant stored) {}

  private record Upload(String key, SortedMap<Integer, byte[]> parts, Instant begun) {}

  FakeS3() throws IOException {
    start();
  }

  URI endpoint() {
    return URI.create("http://" + host());
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
    return Reply.of(
        status,
        Map.of(),
        "<?xml version=\"1.0\"?>\n<Error><Code>%s</Code><Message>as told</Message></Error>"
            .formatted(code)
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
    if (!isSigned(exchange, body)) {
      return error(403, "SignatureDoesNotMatch");
    }
    String path = decode(exchange.getRequestURI().getRawPath());
    Map<String, String> query = query(exchange.getRequestURI());
    if (!path.startsWith("/" + BUCKET + "/")) {
      return error(404, "NoSuchBucket");
    }
    boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
    if (conditional && behaviour == Behaviour.UNABLE) {
      return error(501, "NotImplemented");
    }
    String key = path.substring(BUCKET.length() + 2);
    synchronized (objects) {
      return switch (exchange.getRequestMethod()) {
        case "GET" -> key.isEmpty() ? list(query) : get(key, range(exchange));
        case "HEAD" -> head(key);
        case "PUT" -> put(key, query, body, conditional);
        case "POST" -> post(key, query, conditional);
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
    Instant time =
        java.time.format.DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
            .withZone(java.time.ZoneOffset.UTC)
            .parse(exchange.getRequestHeaders().getFirst("x-amz-date"), Instant::from);
    URI uri = exchange.getRequestURI();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    String expected =
        new Signature(CREDENTIALS, "us-east-1", time)
            .sign(
                new Signature.Subject(
                    exchange.getRequestMethod(), uri.getRawPath(), query, headers),
                hash)
            .get("authorization");
    return given.equals(expected)
        && hash.equals(Digests.sha256(body, body.length))
        && (md5 == null || md5.equals(Digests.md5(body, body.length)));
  }

  private static @Nullable String range(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Range");
  }

  private Reply get(String key, @Nullable String range) {
    Blob blob = objects.get(key);
    if (blob == null) {
      return error(404, "NoSuchKey");
    }
    if (range == null) {
      return new Reply(200, Map.of(), blob.bytes());
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    long first = Long.parseLong(ends[0]);
    long last = Math.min(Long.parseLong(ends[1]), blob.bytes().limit() - 1);
    return first > last
        ? error(416, "InvalidRange")
        : new Reply(206, Map.of(), blob.bytes().slice((int) first, (int) (last - first + 1)));
  }

  private Reply head(String key) {
    Blob blob = objects.get(key);
    return blob == null
        ? Reply.of(404)
        : new Reply(
            200, Map.of("Content-Length", "" + blob.bytes().limit()), ByteBuffer.allocate(0));
  }

  private Reply put(String key, Map<String, String> query, byte[] body, boolean conditional) {
    if (query.containsKey("partNumber")) {
      Upload upload = uploads.get(query.get("uploadId"));
      if (upload == null) {
        return error(404, "NoSuchUpload");
      }
      upload.parts().put(Integer.parseInt(query.get("partNumber")), body);
      return new Reply(200, Map.of("ETag", tag(body)), ByteBuffer.allocate(0));
    }
    return publish(key, body, conditional);
  }

  private static String tag(byte[] body) {
    byte[] md5 = Base64.getDecoder().decode(Digests.md5(body, body.length));
    return "\"" + HexFormat.of().formatHex(md5) + "\"";
  }

  private Reply publish(String key, byte[] bytes, boolean conditional) {
    if (conditional && objects.containsKey(key)) {
      return error(412, "PreconditionFailed");
    }
    objects.put(key, new Blob(ByteBuffer.wrap(bytes), Instant.now()));
    return Reply.of(200);
  }

  private Reply post(String key, Map<String, String> query, boolean conditional) {
    if (query.containsKey("uploads")) {
      String id = "upload " + nextUpload++;
      uploads.put(id, new Upload(key, new TreeMap<>(), Instant.now()));
      return xml(
          "<R xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><UploadId>%s</UploadId></R>"
              .formatted(id));
    }
    Upload upload = uploads.get(query.get("uploadId"));
    if (upload == null) {
      return error(404, "NoSuchUpload");
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    upload.parts().values().forEach(whole::writeBytes);
    Reply reply = publish(key, whole.toByteArray(), conditional);
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
    objects.remove(key);
    return Reply.of(204);
  }

  private Reply list(Map<String, String> query) {
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
    String after = query.getOrDefault("continuation-token", "");
    List<Map.Entry<String, Blob>> found =
        objects.entrySet().stream()
            .filter(e -> e.getKey().startsWith(prefix) && e.getKey().compareTo(after) > 0)
            .toList();
    for (Map.Entry<String, Blob> entry : found.subList(0, Math.min(PAGE, found.size()))) {
      Blob blob = entry.getValue();
      xml.append(
          "<Contents><Key>%s</Key><LastModified>%s</LastModified><Size>%d</Size></Contents>"
              .formatted(escape(entry.getKey()), blob.stored(), blob.bytes().limit()));
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
