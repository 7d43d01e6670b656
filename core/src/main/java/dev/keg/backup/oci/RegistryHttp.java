package dev.keg.backup.oci;

import dev.keg.backup.oci.RegistryRequest.Body;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.http.BrokenConnection;
import dev.keg.backup.store.http.RequestTimeouts;
import dev.keg.backup.store.http.Sending;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Single requests to a registry and to the hosts that it names, with time limits.
 *
 * @param answered hosts that have answered before, whose name lookup is retried
 */
record RegistryHttp(
    String store,
    boolean mayBePlain,
    HttpClient http,
    Duration idle,
    StoreLimits limits,
    Consumer<String> debug,
    Set<String> answered) {
  /** More than any manifest, token or list of tags needs. */
  private static final int LIMIT = 4 << 20;

  private static final int SLOWEST_BYTES_A_SECOND = 32 << 10;

  /** Reads the whole answer. */
  static BodyHandler<byte[]> whole() {
    return BodyHandlers.limiting(BodyHandlers.ofByteArray(), LIMIT);
  }

  /** Streams the answer; reads the whole answer of an error. */
  static BodyHandler<InputStream> streamed() {
    return head ->
        head.statusCode() / 100 == 2
            ? BodySubscribers.ofInputStream()
            : BodySubscribers.mapping(
                BodySubscribers.limiting(BodySubscribers.ofByteArray(), LIMIT),
                ByteArrayInputStream::new);
  }

  <T> HttpResponse<T> send(
      String operation,
      String method,
      URI uri,
      Map<String, String> headers,
      Body body,
      BodyHandler<T> handler)
      throws StoreException {
    requireSafe(operation, uri);
    RequestTimeouts timeouts = new RequestTimeouts(idle, limits);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, timeouts.watching(body.publisher()));
    for (Map.Entry<String, String> header : headers.entrySet()) {
      add(operation, request, header.getKey(), header.getValue());
    }
    Duration limit = idle.plusSeconds(((long) body.length() + LIMIT) / SLOWEST_BYTES_A_SECOND);
    String host = uri.getAuthority();
    HttpResponse<T> answer =
        new Sending(http, broken(uri))
            .send(operation, request.build(), handler, timeouts, limit, answered.contains(host));
    answered.add(host);
    // The query of an upload URL authorizes anybody to write to it.
    debug.accept(
        "%s %s://%s%s: %d"
            .formatted(
                method, uri.getScheme(), uri.getAuthority(), uri.getPath(), answer.statusCode()));
    return answer;
  }

  private BrokenConnection broken(URI uri) {
    return new BrokenConnection(
        store,
        String.valueOf(uri.getAuthority()),
        "check the name of the registry",
        "the certificate must be one that Java trusts; for plain HTTP use --insecure");
  }

  private void requireSafe(String operation, URI uri) throws StoreException {
    String host = uri.getHost();
    boolean plain = "http".equals(uri.getScheme());
    if (host == null
        || uri.getRawUserInfo() != null
        || !(plain || "https".equals(uri.getScheme()))) {
      throw new StoreException.Failed(store, operation, "the registry names no web address", null);
    }
    if (plain && !mayBePlain && !ImageReference.isLocal(host)) {
      throw new StoreException.Failed(
          store,
          operation,
          "the registry requires plain HTTP with " + uri.getAuthority(),
          "--insecure allows it");
    }
  }

  // The client's own message contains the value, which may be a secret.
  private void add(String operation, HttpRequest.Builder request, String name, String value)
      throws StoreException {
    try {
      request.header(name, value);
    } catch (IllegalArgumentException _) {
      throw new StoreException.Failed(
          store, operation, "header " + name + " has an invalid character", null);
    }
  }
}
