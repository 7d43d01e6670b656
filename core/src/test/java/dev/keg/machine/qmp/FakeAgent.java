package dev.keg.machine.qmp;

import dev.keg.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers like qemu-ga(8), one client after the other. */
final class FakeAgent implements AutoCloseable {
  final Path socket;

  /** The commands so far, without those that only synchronise. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  /** Sent before the first answer, like the remains of an earlier conversation. */
  volatile String stale = "";

  /** The command that it never answers; "all" for all commands. */
  volatile String mute = "";

  /** The command that it refuses. */
  volatile String refused = "";

  volatile String why = "it is disabled";

  volatile boolean frozen;

  private final ServerSocketChannel server;
  private final Thread thread;

  FakeAgent(Path socket) throws IOException {
    this.socket = socket;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    thread = Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        send(client, stale);
        InputStream in = Channels.newInputStream(client);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          answer(client, line);
        }
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static void send(SocketChannel client, String text) throws IOException {
    var _ = client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private void answer(SocketChannel client, String line) throws IOException {
    String text = line.startsWith("\u00ff") ? line.substring(1) : line;
    Map<?, ?> message = JsonObject.parse(text.getBytes(StandardCharsets.UTF_8));
    String command = String.valueOf(message.get("execute"));
    if (mute.equals("all")) {
      return;
    }
    if (command.equals("guest-sync-delimited")) {
      String id = text.replaceFirst(".*\"id\":\\s*(\\d+).*", "$1");
      send(client, "\u00ff{\"return\": %s}\n".formatted(id));
      return;
    }
    commands.add(command);
    if (command.equals(refused)) {
      send(client, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"%s\"}}\n".formatted(why));
      return;
    }
    String result =
        switch (command) {
          case "guest-fsfreeze-freeze" -> {
            frozen = true;
            yield "2";
          }
          case "guest-fsfreeze-thaw" -> {
            frozen = false;
            yield "2";
          }
          default -> frozen ? "\"frozen\"" : "\"thawed\"";
        };
    if (!command.equals(mute)) {
      send(client, "{\"return\": %s}\n".formatted(result));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
