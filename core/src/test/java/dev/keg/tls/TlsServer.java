package dev.keg.tls;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.keg.tls.TlsFiles.OwnCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTPS server with its own certificate authority, which requires a client certificate. */
public final class TlsServer implements AutoCloseable {
  private static final List<String> FILES =
      List.of("root.pem", "server.pem", "server.key", "client.pem", "client.key");

  private final Path files;
  private final HttpsServer server;

  private TlsServer(Path files, HttpsServer server) {
    this.files = files;
    this.server = server;
  }

  /** Answers each path with its body, and writes the certificates and keys to the directory. */
  public static TlsServer start(Path files, Map<String, String> bodies) throws IOException {
    Files.createDirectories(files);
    for (String name : FILES) {
      try (InputStream in = Objects.requireNonNull(TlsServer.class.getResourceAsStream(name))) {
        Files.copy(in, files.resolve(name));
      }
    }
    SSLContext context =
        new TlsFiles(
                List.of(files.resolve("root.pem")),
                true,
                List.of(
                    new OwnCertificate(files.resolve("server.pem"), files.resolve("server.key"))))
            .context();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    bodies.forEach(
        (path, text) ->
            server.createContext(
                path,
                exchange -> {
                  byte[] body = text.getBytes(StandardCharsets.UTF_8);
                  exchange.sendResponseHeaders(200, body.length);
                  exchange.getResponseBody().write(body);
                  exchange.close();
                }));
    server.start();
    return new TlsServer(files, server);
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** A certificate or a key. */
  public Path file(String name) {
    return files.resolve(name);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
