package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What it means when there was no answer at all. */
final class BrokenConnection {
  private BrokenConnection() {}

  /**
   * @param answered whether the store has ever answered: a name that was known may be again
   */
  static StoreException failure(
      S3Location location, String operation, @Nullable Throwable cause, boolean answered) {
    String store = location.address();
    return switch (cause) {
      case ConnectException e when unresolved(e) && !answered ->
          new StoreException.Failed(
              store, operation, "unknown host " + location.host(), "look at the endpoint", e);
      case ConnectException e when unresolved(e) ->
          new StoreException.Unavailable(store, operation, "unknown host " + location.host(), e);
      case ConnectException e ->
          new StoreException.Unavailable(
              store, operation, "cannot connect to " + location.host(), e);
      case SSLHandshakeException e ->
          new StoreException.Failed(
              store,
              operation,
              "TLS: " + words(e),
              "a certificate of your own is trusted when AWS_CA_BUNDLE names its file",
              e);
      case SSLException e -> new StoreException.Unavailable(store, operation, words(e), e);
      case HttpTimeoutException e ->
          new StoreException.Unavailable(
              store, operation, "no connection to " + location.host() + " in time", e);
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
        ? "the connection broke"
        : "the connection broke: " + message.toLowerCase(Locale.ROOT);
  }
}
