package dev.keg.backup.oci;

import dev.keg.backup.oci.RegistryRequest.Body;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.http.Sending;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a registry: over TLS unless plain HTTP is allowed and used, with authorization,
 * and repeatedly while a failure looks temporary.
 */
final class RegistryClient implements AutoCloseable {
  private static final int ATTEMPTS_AT_FIRST = 3;
  private static final int MOST_REDIRECTIONS = 5;
  private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);

  private final ImageReference image;
  private final RegistryEnvironment environment;
  private final HttpClient http;
  private final RegistryHttp registry;
  private final Authorization authorization;
  private volatile @Nullable URI base;

  /**
   * @param image any image of the registry, which messages name
   */
  RegistryClient(ImageReference image, RegistryEnvironment environment) {
    this.image = image;
    this.environment = environment;
    http =
        StoreFailures.translate(
                () -> new RegistryCertificates(image, environment).addTo(Sending.client()))
            .build();
    registry =
        new RegistryHttp(
            image.place(),
            environment.insecure(),
            http,
            environment.idle(),
            environment.limits(),
            environment.debug(),
            ConcurrentHashMap.newKeySet());
    authorization = new Authorization(image, new Logins(environment), registry);
  }

  int chunk() {
    return environment.chunk();
  }

  ImageReference image() {
    return image;
  }

  /** The answer, whatever its status, unless it asks to try again later. */
  HttpResponse<byte[]> send(String operation, RegistryRequest request) throws StoreException {
    return repeat(_ -> attempt(operation, request));
  }

  /** Repeats the attempt, unless the address never answered, which is more likely wrong. */
  <T> T repeat(Backoff.Attempt<T> attempt) throws StoreException {
    return environment.backoff().run(base == null ? ATTEMPTS_AT_FIRST : Backoff.ATTEMPTS, attempt);
  }

  /**
   * Sends once, for a caller that repeats it knowing that an earlier attempt may have succeeded.
   */
  HttpResponse<byte[]> attempt(String operation, RegistryRequest request) throws StoreException {
    HttpResponse<byte[]> answer = authorized(operation, request, RegistryHttp.whole());
    if (answer.statusCode() >= 400
        && failure(operation, answer) instanceof StoreException.Unavailable e) {
      throw e;
    }
    return answer;
  }

  /** Opens content that a registry may store on another host. */
  HttpResponse<InputStream> open(String operation, RegistryRequest request) throws StoreException {
    HttpResponse<InputStream> answer = authorized(operation, request, RegistryHttp.streamed());
    for (int i = 0; ELSEWHERE.contains(answer.statusCode()) && i < MOST_REDIRECTIONS; i++) {
      URI next = location(operation, answer);
      answer = call(operation, request, next, isBase(next), RegistryHttp.streamed());
    }
    return answer;
  }

  StoreException failure(String operation, HttpResponse<byte[]> answer) {
    return RegistryFailures.of(image, operation, answer, answer.body());
  }

  /** The failure of a request of what a tag or a digest names. */
  StoreException failureToRead(String operation, HttpResponse<?> answer, byte[] body) {
    return RegistryFailures.ofReading(image, operation, answer, body);
  }

  Duration idle() {
    return environment.idle();
  }

  /** The target of the answer's Location header. */
  URI location(String operation, HttpResponse<?> answer) throws StoreException {
    try {
      return answer.uri().resolve(answer.headers().firstValue("location").orElseThrow());
    } catch (NoSuchElementException | IllegalArgumentException _) {
      throw new StoreException.Failed(
          image.place(), operation, "the registry does not say where to continue", null);
    }
  }

  private <T> HttpResponse<T> authorized(
      String operation, RegistryRequest request, BodyHandler<T> handler) throws StoreException {
    URI uri = base(operation).resolve(request.target());
    boolean own = isBase(uri);
    HttpResponse<T> answer = call(operation, request, uri, own, handler);
    if (answer.statusCode() == 401 && own) {
      authorization.renew(answer.headers().allValues("www-authenticate"), request.scopes());
      answer = call(operation, request, uri, true, handler);
    }
    return answer;
  }

  private <T> HttpResponse<T> call(
      String operation, RegistryRequest request, URI uri, boolean own, BodyHandler<T> handler)
      throws StoreException {
    Map<String, String> headers = new TreeMap<>(request.headers());
    if (own) {
      authorization.header(request.scopes()).ifPresent(text -> headers.put("authorization", text));
    }
    return registry.send(operation, request.method(), uri, headers, request.body(), handler);
  }

  /**
   * Whether to authorize the request: credentials are only for the registry, not for hosts that it
   * redirects to.
   */
  private boolean isBase(URI uri) {
    URI known = base;
    return known != null
        && known.getScheme().equals(uri.getScheme())
        && known.getAuthority().equals(uri.getAuthority());
  }

  private URI base(String operation) throws StoreException {
    URI known = base;
    if (known == null) {
      known = find(operation);
      base = known;
    }
    return known;
  }

  /** Finds the base address; a registry on this machine usually uses plain HTTP, another TLS. */
  private URI find(String operation) throws StoreException {
    URI secure = URI.create("https://" + image.server() + "/v2/");
    URI plain = URI.create("http://" + image.server() + "/v2/");
    if (image.isLocal() && isRegistry(operation, plain)) {
      return plain;
    }
    try {
      ping(operation, secure);
      return secure;
    } catch (StoreException e) {
      boolean speaksPlain =
          e.getCause() instanceof SSLException && !(e.getCause() instanceof SSLHandshakeException);
      if (!speaksPlain || image.isLocal()) {
        throw e;
      }
      if (!environment.insecure()) {
        throw new StoreException.Failed(
            image.place(), operation, "the registry does not speak TLS", "--insecure allows it", e);
      }
      ping(operation, plain);
      return plain;
    }
  }

  /** Whether a registry answers over plain HTTP; a server that wants TLS answers differently. */
  private boolean isRegistry(String operation, URI plain) throws StoreException {
    try {
      int status = ping(operation, plain);
      return status == 200 || status == 401;
    } catch (StoreException e) {
      if (e.getCause() instanceof ConnectException) {
        throw e;
      }
      return false;
    }
  }

  private int ping(String operation, URI uri) throws StoreException {
    return registry
        .send(operation, "GET", uri, Map.of(), Body.NONE, RegistryHttp.whole())
        .statusCode();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
