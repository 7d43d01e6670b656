package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.http.BrokenConnection;
import dev.keg.backup.store.http.CopiedBody;
import dev.keg.backup.store.http.RequestTimeouts;
import dev.keg.backup.store.http.Sending;
import dev.keg.backup.store.s3.signing.Signature;
import dev.keg.backup.store.s3.signing.UriEncoding;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sends requests: signed, with a time limit, and repeatedly while the failure looks temporary. */
final class S3Client implements AutoCloseable {
  private static final int ATTEMPTS_AT_FIRST = 3;
  private static final int SLOWEST_BYTES_A_SECOND = 32 << 10;
  private static final ByteBuffer NOWHERE = ByteBuffer.allocate(0);

  private final S3Connection connection;
  private final S3Failures failures;
  private volatile S3Location location;
  private volatile boolean answered;
  private volatile boolean knowsConditions = true;

  S3Client(S3Location location, S3Connection connection) {
    this.location = location;
    this.connection = connection;
    this.failures = new S3Failures(location.address());
  }

  S3Location location() {
    return location;
  }

  void debug(String text) {
    connection.debug().accept(text);
  }

  Instant now() {
    return connection.clock().instant();
  }

  /** Whether the store may support {@code If-None-Match} on a write. */
  boolean knowsConditions() {
    return knowsConditions;
  }

  void forgetConditions() {
    knowsConditions = false;
  }

  /** The answer, whatever its status, unless it asks to try again later. */
  S3Answer send(String operation, S3Request request) throws StoreException {
    return repeat(_ -> attempt(operation, request));
  }

  /**
   * Repeats a request according to the rules. An address that never answered is more likely wrong
   * than overloaded; after a timeout, the cleanup does not wait as long again.
   */
  <T> T repeat(Backoff.Attempt<T> attempt) throws StoreException {
    int most = connection.attempts();
    try {
      return connection.backoff().run(answered ? most : Math.min(most, ATTEMPTS_AT_FIRST), attempt);
    } catch (StoreException.Unavailable e) {
      answered = false;
      throw e;
    }
  }

  /**
   * Sends once, for a caller that repeats it knowing that an earlier attempt may have succeeded.
   */
  S3Answer attempt(String operation, S3Request request) throws StoreException {
    S3Answer answer = exchange(operation, request);
    if (isElsewhere(answer)) {
      location = location.withRegion(answer.header("x-amz-bucket-region"));
      answer = exchange(operation, request);
    }
    answered = true;
    if (!answer.succeeded() && failure(operation, answer) instanceof StoreException.Unavailable e) {
      throw e;
    }
    return answer;
  }

  /** AWS names a bucket's region in the answer if the request went to the wrong one. */
  private boolean isElsewhere(S3Answer answer) {
    String region = answer.header("x-amz-bucket-region");
    return location.endpoint() == null
        && (answer.status() == 301 || answer.status() == 400)
        && !region.isEmpty()
        && !region.equals(location.region());
  }

  StoreException failure(String operation, S3Answer answer) {
    return failures.of(operation, answer);
  }

  private S3Answer exchange(String operation, S3Request request) throws StoreException {
    return connection.limits().connected(() -> exchangeNow(operation, request));
  }

  private S3Answer exchangeNow(String operation, S3Request request) throws StoreException {
    Instant start = connection.clock().instant();
    RequestTimeouts timeouts = new RequestTimeouts(idle(request), connection.limits());
    HttpRequest signed = sign(request, start, timeouts);
    S3Answer answer = exchange(operation, request, signed, timeouts);
    connection
        .debug()
        .accept(
            "%s %s: %d in %d ms"
                .formatted(
                    signed.method(),
                    signed.uri(),
                    answer.status(),
                    Duration.between(start, connection.clock().instant()).toMillis()));
    return answer;
  }

  private HttpRequest sign(S3Request request, Instant now, RequestTimeouts timeouts)
      throws StoreException {
    S3Location place = location;
    String path = place.path(request.key());
    String query = UriEncoding.query(request.query());
    SortedMap<String, String> headers = new TreeMap<>(request.headers());
    headers.put("host", place.host());
    SortedMap<String, String> signed =
        new Signature(connection.credentials().current(), place.region(), now)
            .sign(
                new Signature.Subject(request.method(), path, query, headers),
                request.body().hash());
    signed.remove("host"); // the HTTP client sends this header itself, with the same value
    BodyPublisher body = timeouts.watching(request.body().publisher());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(
                    place.scheme()
                        + "://"
                        + place.host()
                        + path
                        + (query.isEmpty() ? "" : "?" + query)))
            .method(request.method(), body);
    for (Map.Entry<String, String> header : signed.entrySet()) {
      add(builder, header.getKey(), header.getValue());
    }
    return builder.build();
  }

  // The client's own message contains the value, which may be the signature or a token.
  private void add(HttpRequest.Builder builder, String name, String value) throws StoreException {
    try {
      builder.header(name, value);
    } catch (IllegalArgumentException _) {
      throw new StoreException.Failed(
          location.address(),
          "sign",
          "header " + name + " has an invalid character",
          "check the region and the credentials");
    }
  }

  /** A store may be silent for long while it combines an object from many parts. */
  private Duration idle(S3Request request) {
    return request.method().equals("POST") ? connection.idle().multipliedBy(10) : connection.idle();
  }

  private S3Answer exchange(
      String operation, S3Request request, HttpRequest signed, RequestTimeouts timeouts)
      throws StoreException {
    long seconds = (request.body().length() + (long) request.limit()) / SLOWEST_BYTES_A_SECOND;
    try (CopiedBody copied = new CopiedBody(request.target().orElse(NOWHERE))) {
      BodyHandler<byte[]> body =
          head ->
              request.target().isPresent() && S3Answer.isSuccess(head.statusCode())
                  ? copied
                  : BodySubscribers.ofByteArray();
      HttpResponse<byte[]> response =
          new Sending(connection.http(), broken())
              .send(
                  operation,
                  signed,
                  BodyHandlers.limiting(body, request.limit()),
                  timeouts,
                  idle(request).plusSeconds(seconds),
                  answered);
      return new S3Answer(
          response.statusCode(),
          response.headers(),
          ByteBuffer.wrap(response.body()),
          copied.length());
    }
  }

  private BrokenConnection broken() {
    return new BrokenConnection(
        location.address(),
        location.host(),
        "check the endpoint",
        "to trust a certificate of your own, set AWS_CA_BUNDLE to its file");
  }

  @Override
  public void close() {
    connection.http().shutdownNow();
  }
}
