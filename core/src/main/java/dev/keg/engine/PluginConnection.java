package dev.keg.engine;

import dev.keg.error.VolumeException;
import dev.keg.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves one connection. Requests that have arrived are answered in order; then the connection is
 * closed, and the engine is told so: otherwise it would send the next request to a process that has
 * ended, and then repeat it without a body.
 */
public final class PluginConnection {
  private static final String HEAD =
      """
      HTTP/1.1 %s\r
      Content-Type: application/vnd.docker.plugins.v1.1+json\r
      Content-Length: %d\r
      Connection: %s\r
      \r
      """;

  private final InputStream in;
  private final PrintStream out;

  public PluginConnection(InputStream in, PrintStream out) {
    this.in = new BufferedInputStream(in);
    this.out = out;
  }

  /**
   * Answers until no more requests have arrived, and only then cleans up what engines left behind.
   */
  public void serve(VolumePlugin plugin) throws IOException {
    serve(plugin::answer, plugin::takeBack);
    plugin.reap();
  }

  /**
   * The same.
   *
   * @param unheard receives a request whose answer did not reach the engine
   */
  void serve(Function<PluginRequest, JsonObject> plugin, Consumer<PluginRequest> unheard)
      throws IOException {
    boolean open = true;
    while (open) {
      open = answerNext(plugin, unheard);
    }
  }

  private boolean answerNext(
      Function<PluginRequest, JsonObject> plugin, Consumer<PluginRequest> unheard)
      throws IOException {
    Optional<PluginRequest> request;
    try {
      request = PluginRequest.read(in);
    } catch (VolumeException e) {
      // The rest of this request cannot be told from the next one.
      send("500 Internal Server Error", error(e), true);
      return false;
    }
    if (request.isEmpty()) {
      return false;
    }
    boolean last = in.available() == 0;
    try {
      JsonObject answer = plugin.apply(request.get());
      try {
        send("200 OK", answer, last);
      } catch (IOException e) {
        unheard.accept(request.get());
        throw e;
      }
    } catch (VolumeException e) {
      send("500 Internal Server Error", error(e), last);
    } catch (RuntimeException e) {
      // An engine without an answer sends its request again, but without the body.
      send("500 Internal Server Error", error(e), true);
      throw e;
    }
    return !last;
  }

  /** Podman only looks at the status, Docker also at the text. */
  private static JsonObject error(RuntimeException e) {
    return new JsonObject().put("Err", EngineErrors.text(e));
  }

  private void send(String status, JsonObject answer, boolean last) throws IOException {
    byte[] body = answer.bytes();
    out.write(
        HEAD.formatted(status, body.length, last ? "close" : "keep-alive")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    if (out.checkError()) {
      throw new IOException("nobody reads the answer");
    }
  }
}
