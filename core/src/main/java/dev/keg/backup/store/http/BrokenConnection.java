package dev.keg.backup.store.http;

import dev.keg.backup.store.StoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Explains a request without any answer.
 *
 * @param store its name in messages
 * @param unknownHost the hint for an unknown host
 * @param untrusted the hint for an untrusted certificate
 */
public record BrokenConnection(String store, String host, String unknownHost, String untrusted) {
  /**
   * @param answered whether the store has ever answered: then a failed name lookup may be temporary
   */
  StoreException failure(String operation, @Nullable Throwable cause, boolean answered) {
    return switch (cause) {
      case ConnectException e when unresolved(e) && !answered ->
          new StoreException.Failed(store, operation, "unknown host " + host, unknownHost, e);
      case ConnectException e when unresolved(e) ->
          new StoreException.Unavailable(store, operation, "unknown host " + host, e);
      case ConnectException e ->
          new StoreException.Unavailable(store, operation, "cannot connect to " + host, e);
      case SSLHandshakeException e ->
          new StoreException.Failed(store, operation, "TLS: " + words(e), untrusted, e);
      case SSLException e -> new StoreException.Unavailable(store, operation, words(e), e);
      case HttpTimeoutException e ->
          new StoreException.Unavailable(
              store, operation, "no connection to " + host + " in time", e);
      case IOException e -> new StoreException.Unavailable(store, operation, words(e), e);
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(cause);
    };
  }

  private static boolean unresolved(ConnectException e) {
    return e.getCause() instanceof ConnectException inner
        ? unresolved(inner)
        : e.getCause() instanceof UnresolvedAddressException;
  }

  private static String words(IOException e) {
    String message = e.getMessage();
    return message == null
        ? "the connection was lost"
        : "the connection was lost: " + message.toLowerCase(Locale.ROOT);
  }
}
