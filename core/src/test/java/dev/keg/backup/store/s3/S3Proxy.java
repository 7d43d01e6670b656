package dev.keg.backup.store.s3;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A real S3 server on loopback, in a process of its own. */
final class S3Proxy implements AutoCloseable {
  static final String KEY = "AKIDEXAMPLE";
  static final String SECRET = "s3cr3t/+key";
  static final String BUCKET = "buck";

  private static final Path PROJECT = Path.of("src/test/s3proxy/pom.xml");
  private static final Path JARS = Path.of("target/s3proxy").toAbsolutePath();
  private static final Pattern PORT =
      Pattern.compile("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final String LOGGING =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private final Process process;
  private final List<Integer> ports = new ArrayList<>();

  private S3Proxy(Process process) {
    this.process = process;
  }

  /** A server with one bucket, empty; it speaks HTTPS as well where there is a key store. */
  static S3Proxy start(Path directory, Map<String, String> more) throws Exception {
    fetch();
    Files.createDirectories(directory.resolve("data").resolve(BUCKET));
    Files.writeString(directory.resolve("logback.xml"), LOGGING);
    List<String> settings =
        new ArrayList<>(
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:0",
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + KEY,
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + directory.resolve("data")));
    more.forEach((name, value) -> settings.add(name + "=" + value));
    Files.write(directory.resolve("s3proxy.conf"), settings);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-cp",
                JARS + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                directory.resolve("s3proxy.conf").toString())
            .redirectErrorStream(true)
            .start();
    S3Proxy server = new S3Proxy(process);
    try {
      server.awaitStart(more.containsKey("s3proxy.secure-endpoint") ? 2 : 1);
    } catch (Exception e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static void fetch() throws IOException, InterruptedException {
    if (Files.isDirectory(JARS) && Files.exists(JARS.resolve("complete"))) {
      return;
    }
    try {
      Process maven =
          new ProcessBuilder(
                  "mvn",
                  "-q",
                  "-B",
                  "-f",
                  PROJECT.toString(),
                  "dependency:copy-dependencies",
                  "-DoutputDirectory=" + JARS)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!maven.waitFor(5, TimeUnit.MINUTES) || maven.exitValue() != 0) {
        maven.destroyForcibly();
        throw new TestAbortedException("s3proxy cannot be fetched: see " + PROJECT);
      }
    } catch (IOException e) {
      throw new TestAbortedException("mvn is missing (Debian package: maven)", e);
    }
    Files.createFile(JARS.resolve("complete"));
  }

  /** Reads its log until it listens, then to the end, so that it never waits for a reader. */
  private void awaitStart(int connectors) throws Exception {
    CompletableFuture<Void> started = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader log = process.inputReader()) {
                Stream<String> lines = log.lines();
                lines.forEach(
                    line -> {
                      Matcher port = PORT.matcher(line);
                      if (port.find()) {
                        ports.add(Integer.parseInt(port.group(1)));
                      }
                      if (ports.size() == connectors) {
                        started.complete(null);
                      }
                    });
              } catch (IOException | UncheckedIOException e) {
                started.completeExceptionally(e);
              }
              started.completeExceptionally(new IOException("s3proxy ended"));
            });
    started.get(60, TimeUnit.SECONDS);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + ports.getFirst());
  }

  URI secureEndpoint() {
    return URI.create("https://127.0.0.1:" + ports.getLast());
  }

  /** Ends it at once, as a power failure would. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
