package dev.keg.backup.store.etcd;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.etcd.EtcdOptions.Login;
import dev.keg.backup.store.http.BrokenConnection;
import dev.keg.backup.store.http.RequestTimeouts;
import dev.keg.backup.store.http.Sending;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the members of a cluster: the one that answered last, then the others. A
 * request may be sent twice; transactions that compare revisions tolerate that.
 */
final class EtcdClient implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final int ROUNDS = 3;

  /** More than a page of records; a server that sends more is not etcd. */
  private static final long LARGEST = 64 << 20;

  /** The gRPC code for a missing or expired login. */
  private static final int UNAUTHENTICATED = 401;

  private static final int TOO_MANY = 429;

  private final EtcdOptions options;
  private final HttpClient http;
  private final Backoff backoff;
  private final Consumer<String> debug;
  private int member;
  private boolean answered;
  private @Nullable String token;
  private Optional<Instant> time = Optional.empty();

  EtcdClient(EtcdOptions options, HttpClient http, Backoff backoff, Consumer<String> debug) {
    this.options = options;
    this.http = http;
    this.backoff = backoff;
    this.debug = debug;
  }

  String address() {
    return options.address();
  }

  synchronized Optional<Instant> time() {
    return time;
  }

  /** The answer of the first member that has one. */
  synchronized Map<String, Object> call(String operation, String path, JsonObject question)
      throws StoreException {
    int attempts = ROUNDS * options.endpoints().size();
    return backoff.run(attempts, _ -> ask(operation, path, question));
  }

  private Map<String, Object> ask(String operation, String path, JsonObject question)
      throws StoreException {
    try {
      logIn(operation);
      Answer answer = exchange(operation, path, question);
      if (token != null && answer.saysTokenIsOver()) {
        token = null; // it expires after a few minutes
        logIn(operation);
        answer = exchange(operation, path, question);
      }
      return successful(operation, answer);
    } catch (StoreException.Unavailable e) {
      member = (member + 1) % options.endpoints().size();
      throw e;
    }
  }

  private void logIn(String operation) throws StoreException {
    Optional<Login> login = options.login();
    if (token == null && login.isPresent()) {
      JsonObject question =
          new JsonObject().put("name", login.get().user()).put("password", login.get().password());
      Answer answer = exchange(operation, "auth/authenticate", question);
      token = String.valueOf(successful(operation, answer).get("token"));
    }
  }

  /**
   * A member's answer.
   *
   * @param retryAfter the delay that it asks for
   */
  private record Answer(int status, Map<String, Object> fields, @Nullable Duration retryAfter) {
    // "error" up to etcd 3.5, "message" since 3.6
    String why() {
      Object said = fields.getOrDefault("error", fields.get("message"));
      return said == null ? "HTTP status " + status : said.toString();
    }

    boolean succeeded() {
      return status == 200 && !fields.containsKey("error");
    }

    boolean saysTokenIsOver() {
      return !succeeded()
          && (status == UNAUTHENTICATED
              || why().contains("invalid auth token")
              || why().contains("auth store is old"));
    }

    /** Whether to try again: the member has no leader, is starting, or is overloaded. */
    boolean saysNotNow() {
      return status == TOO_MANY || (status >= 500 && status != 501);
    }
  }

  private Answer exchange(String operation, String path, JsonObject question)
      throws StoreException {
    HttpResponse<byte[]> response = send(operation, path, question);
    answered = true;
    Duration retryAfter =
        Backoff.retryAfter(response.headers().firstValue("retry-after").orElse(""));
    return new Answer(response.statusCode(), parse(operation, response), retryAfter);
  }

  private HttpResponse<byte[]> send(String operation, String path, JsonObject question)
      throws StoreException {
    String endpoint = options.endpoints().get(member);
    URI uri = URI.create((options.tls() ? "https://" : "http://") + endpoint + "/v3/" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofByteArray(question.bytes()));
    if (token != null) {
      request.header("authorization", token);
    }
    BrokenConnection broken =
        new BrokenConnection(
            options.address(),
            endpoint,
            "check the endpoints",
            "cacert=FILE names the certificate of your own authority");
    HttpResponse<byte[]> response =
        new Sending(http, broken)
            .send(
                operation,
                request.build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST),
                new RequestTimeouts(IDLE, StoreLimits.NONE),
                IDLE.multipliedBy(2),
                answered || options.endpoints().size() > 1);
    debug.accept("POST %s: %d".formatted(uri, response.statusCode()));
    note(response.headers().firstValue("date").orElse(""));
    return response;
  }

  private void note(String date) {
    try {
      time = Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException _) {
      // The answer of a proxy may have none.
    }
  }

  private Map<String, Object> parse(String operation, HttpResponse<byte[]> response)
      throws StoreException {
    try {
      return JsonObject.parse(response.body());
    } catch (InvalidDocument e) {
      if (response.statusCode() >= 500 || response.statusCode() == TOO_MANY) {
        return Map.of(); // a proxy's own text
      }
      throw new StoreException.Failed(
          address(),
          operation,
          "the answer does not come from etcd 3.4 or newer (HTTP status %d)"
              .formatted(response.statusCode()),
          "check the endpoints and tls=",
          e);
    }
  }

  private Map<String, Object> successful(String operation, Answer answer) throws StoreException {
    if (answer.succeeded()) {
      return answer.fields();
    }
    String why = answer.why();
    if (answer.saysNotNow()) {
      String endpoint = options.endpoints().get(member);
      throw new StoreException.Unavailable(
          address(), operation, endpoint + ": " + why, answer.retryAfter(), null);
    }
    throw new StoreException.Failed(address(), operation, why, hint(why));
  }

  private static @Nullable String hint(String why) {
    if (why.contains("authentication failed") || why.contains("user name is empty")) {
      return "user=NAME in the address, and the password in ETCDCTL_PASSWORD or password-file=FILE";
    }
    return why.contains("permission denied")
        ? "grant the user's role readwrite on the prefix of the registry"
        : null;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
