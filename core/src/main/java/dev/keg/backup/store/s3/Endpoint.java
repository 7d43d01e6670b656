package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The address of a store other than AWS: a scheme, a host, and optionally a port and a path. */
final class Endpoint {
  private Endpoint() {}

  /** The address, if the text is one; one with a password is refused. */
  public static Optional<URI> lookup(String text) {
    try {
      URI uri = new URI(text);
      boolean plain =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return plain && web ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  static URI parse(String store, String text) throws StoreException {
    return lookup(text)
        .orElseThrow(
            () ->
                new StoreException.Failed(
                    store,
                    "open",
                    "the endpoint is not an address",
                    "an endpoint is https://HOST or https://HOST:PORT, without keys"));
  }
}
