package dev.keg.cli.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real sshd on a high port of loopback, with keys of its own; it lets in who started it. */
final class Sshd implements AutoCloseable {
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

  private final Path directory;
  private final int port;
  private final Process process;
  private final boolean madePrivilegeSeparation;
  private final AtomicInteger connections = new AtomicInteger();

  private Sshd(Path directory, int port, Process process, boolean madePrivilegeSeparation) {
    this.directory = directory;
    this.port = port;
    this.process = process;
    this.madePrivilegeSeparation = madePrivilegeSeparation;
  }

  static Sshd start(Path directory) throws Exception {
    boolean made = makePrivilegeSeparation();
    Path hostKey = generateKey(directory.resolve("host"));
    Path userKey = generateKey(directory.resolve("user"));
    int port = freePort();
    Files.copy(publicPart(userKey), directory.resolve("authorized_keys"));
    Files.writeString(
        directory.resolve("known_hosts"),
        "[127.0.0.1]:" + port + " " + Files.readString(publicPart(hostKey)));
    Path configuration =
        Files.writeString(
            directory.resolve("sshd_config"),
            """
            ListenAddress 127.0.0.1:%d
            HostKey %s
            AuthorizedKeysFile %s
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            LogLevel VERBOSE
            """
                .formatted(port, hostKey, directory.resolve("authorized_keys")));
    Process process =
        new ProcessBuilder(program(), "-D", "-e", "-f", configuration.toString())
            .redirectErrorStream(true)
            .start();
    Sshd server = new Sshd(directory, port, process, made);
    try {
      server.awaitStart();
      return server;
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  // sshd has to be called by its whole path, and wants this directory when root starts it.
  private static String program() {
    return List.of("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd", "/usr/bin/sshd").stream()
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean makePrivilegeSeparation() throws IOException {
    if (!Files.isWritable(PRIVILEGE_SEPARATION.getParent())) {
      return false;
    }
    try {
      Files.createDirectory(PRIVILEGE_SEPARATION);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    }
  }

  static Path generateKey(Path file) throws Exception {
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (keygen.waitFor() != 0) {
      throw new IOException("ssh-keygen failed");
    }
    return file;
  }

  private static Path publicPart(Path key) {
    return Path.of(key + ".pub");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Reads its log until it listens, then to the end, and counts who comes. */
  private void awaitStart() throws Exception {
    CompletableFuture<Void> started = new CompletableFuture<>();
    StringBuilder said = new StringBuilder();
    Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader log = process.inputReader()) {
                log.lines()
                    .forEach(
                        line -> {
                          said.append(line).append('\n');
                          if (line.startsWith("Server listening")) {
                            started.complete(null);
                          }
                          if (line.startsWith("Accepted ")) {
                            connections.incrementAndGet();
                          }
                        });
              } catch (IOException | UncheckedIOException e) {
                started.completeExceptionally(e);
              }
              started.completeExceptionally(new IOException("sshd ended: " + said));
            });
    started.get(30, TimeUnit.SECONDS);
  }

  int port() {
    return port;
  }

  /** How many were let in so far. */
  int connections() {
    return connections.get();
  }

  Path knownHosts() {
    return directory.resolve("known_hosts");
  }

  Path clientConfiguration() throws IOException {
    return clientConfiguration(directory.resolve("user"));
  }

  /** What a user would have in {@code ~/.ssh/config}, a few things that are in our way included. */
  Path clientConfiguration(Path key) throws IOException {
    return Files.writeString(
        Files.createTempFile(directory, "ssh", "config"),
        """
        Host *
          IdentityFile %s
          IdentitiesOnly yes
          IdentityAgent none
          UserKnownHostsFile %s
          GlobalKnownHostsFile /dev/null
          StrictHostKeyChecking yes
          BatchMode yes
          RequestTTY force
          RemoteCommand echo never
          LocalForward 1 127.0.0.1:1
          ControlMaster auto
          ControlPath none
          ControlPersist 60
        """
            .formatted(key, knownHosts()));
  }

  /** Ends all connections, not the server. */
  void dropConnections() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends the server and all connections at once. */
  void kill() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly().onExit().join();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() throws IOException {
    kill();
    if (madePrivilegeSeparation) {
      Files.deleteIfExists(PRIVILEGE_SEPARATION);
    }
  }
}
