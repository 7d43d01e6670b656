package dev.keg.backup.oci;

import dev.keg.backup.store.http.ArrayBody;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request before authorization.
 *
 * @param target a path on the registry, or an address that the registry gave
 * @param scopes the permissions it needs, in the words of the token protocol
 */
record RegistryRequest(
    String method, String target, List<String> scopes, Map<String, String> headers, Body body) {
  /** A part of an array, which must not change until the request is answered. */
  static final class Body {
    static final Body NONE = new Body(new byte[0], 0, 0);

    private final byte[] bytes;
    private final int offset;
    private final int length;

    Body(byte[] bytes, int offset, int length) {
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
    }

    static Body of(byte[] bytes) {
      return new Body(bytes, 0, bytes.length);
    }

    int length() {
      return length;
    }

    BodyPublisher publisher() {
      return ArrayBody.of(bytes, offset, length);
    }
  }

  RegistryRequest {
    scopes = List.copyOf(scopes);
    headers = Map.copyOf(headers);
  }

  RegistryRequest(String method, String target, List<String> scopes) {
    this(method, target, scopes, Map.of(), Body.NONE);
  }

  RegistryRequest header(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new RegistryRequest(method, target, scopes, more, body);
  }

  RegistryRequest body(Body bytes) {
    return new RegistryRequest(method, target, scopes, headers, bytes);
  }
}
