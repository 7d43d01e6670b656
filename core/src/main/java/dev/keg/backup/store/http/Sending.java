package dev.keg.backup.store.http;

import dev.keg.backup.store.StoreException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Sends a request and waits for the answer, within time limits. */
public record Sending(HttpClient http, BrokenConnection broken) {
  /**
   * A client that does not follow redirections, since the sender of a secret decides who receives
   * it.
   */
  public static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofSeconds(15));
  }

  /**
   * The answer. The client's own timeout ends with the headers of the answer; this one covers all
   * of the body that the handler waits for.
   *
   * @param answered whether the store has ever answered
   */
  public <T> HttpResponse<T> send(
      String operation,
      HttpRequest request,
      BodyHandler<T> body,
      RequestTimeouts timeouts,
      Duration limit,
      boolean answered)
      throws StoreException {
    CompletableFuture<HttpResponse<T>> pending = http.sendAsync(request, timeouts.watching(body));
    try {
      return timeouts.await(pending, limit);
    } catch (ExecutionException e) {
      throw broken.failure(operation, e.getCause(), answered);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw new StoreException.Unavailable(
          broken.store(), operation, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new StoreException.Failed(broken.store(), operation, "interrupted", null, e);
    }
  }
}
