package dev.keg.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keg.cli.template.GoText;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The installed docker client, with a fake daemon that only has the volumes in a file: Keg must
 * format them as the client does.
 */
public final class DockerClient implements AutoCloseable {
  private static final String PREFIX = "template parsing error: ";

  private final HttpServer daemon;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Path home;

  private DockerClient(HttpServer daemon, Path home) {
    this.daemon = daemon;
    this.home = home;
  }

  /**
   * The resource is a JSON array of volumes; an inspect request returns the first, regardless of
   * the name.
   */
  public static DockerClient of(Class<?> beside, String resource, Path home) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer daemon = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    DockerClient client = new DockerClient(daemon, home);
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(resource))) {
      String volumes = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String first = volumes.strip().replaceFirst("^\\[", "").replaceFirst("\\]$", "");
      daemon.createContext("/", exchange -> answer(exchange, volumes, first));
    }
    daemon.setExecutor(client.threads);
    daemon.start();
    return client;
  }

  private static void answer(HttpExchange exchange, String volumes, String first)
      throws IOException {
    String path = exchange.getRequestURI().getPath();
    String text =
        path.endsWith("/_ping")
            ? "OK"
            : path.endsWith("/volumes") ? "{\"Volumes\":" + volumes + "}" : first;
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Api-Version", "1.50");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  /** Whether the client's result for the format is that of the case. */
  public boolean agrees(DockerCase example, List<String> arguments) throws Exception {
    Process process = start(arguments);
    try {
      byte[] output = process.getInputStream().readAllBytes();
      String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      return switch (example.result()) {
        case OUTPUT -> status == 0 && Arrays.equals(output, GoText.bytes(example.text() + "\n"));
        case FAILED -> status == 1 && error.equals(PREFIX + example.text() + "\n");
        case UNPARSABLE -> status == 64 && error.equals(PREFIX + example.text() + "\n");
      };
    } finally {
      process.destroyForcibly();
    }
  }

  /** Only the client's version, {@code 28.2.2}. */
  public String version() throws Exception {
    Process process = start(List.of("version", "--format", "{{.Client.Version}}"));
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DOCKER_HOST", "tcp://127.0.0.1:" + daemon.getAddress().getPort());
    builder.environment().put("HOME", home.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("DOCKER_TLS"));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return builder.start();
  }

  @Override
  public void close() {
    daemon.stop(0);
    threads.shutdownNow();
  }
}
