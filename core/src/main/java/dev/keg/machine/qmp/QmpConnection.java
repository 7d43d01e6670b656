package dev.keg.machine.qmp;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.machine.qmp.QmpException.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A conversation with QEMU:
 *
 * <pre>{"QMP": {…}}                                      its greeting
 * {"execute": "device_del", "arguments": {"id": "d"}, "id": 1}
 * {"return": {}, "id": 1}   or   {"error": {"class": "GenericError", "desc": "…"}, "id": 1}
 * {"event": "DEVICE_DELETED", "data": {"device": "d"}}   at any time</pre>
 */
final class QmpConnection implements AutoCloseable {
  private static final int LONGEST_LINE = 16 << 20;

  private final SocketChannel channel;
  private final Selector selector;
  private final Duration patience;
  private final ByteBuffer received = ByteBuffer.allocate(1 << 16).limit(0);
  private final List<Map<?, ?>> events = new ArrayList<>();
  private long commands;

  private QmpConnection(SocketChannel channel, Selector selector, Duration patience) {
    this.channel = channel;
    this.selector = selector;
    this.patience = patience;
  }

  /** Connects and agrees on the protocol. */
  static QmpConnection open(Path socket, Duration patience) throws IOException {
    SocketChannel channel = connect(socket);
    try {
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      QmpConnection connection = new QmpConnection(channel, selector, patience);
      connection.greet();
      return connection;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static SocketChannel connect(Path socket) throws IOException {
    if (!Files.exists(socket)) {
      throw new QmpException(Failure.GONE, "there is no such socket");
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new QmpException(Failure.GONE, "nobody is listening: " + e.getMessage());
    }
  }

  private void greet() throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    Map<?, ?> greeting = message(end);
    if (!greeting.containsKey("QMP")) {
      throw noQmp();
    }
    execute("qmp_capabilities", new JsonObject());
  }

  /** Executes a command and returns QEMU's answer. */
  Object execute(String command, JsonObject arguments) throws IOException {
    String id = Long.toString(++commands);
    JsonObject line = new JsonObject().put("execute", command);
    if (!arguments.isEmpty()) {
      line.put("arguments", arguments);
    }
    send(line.put("id", id).bytes(), command);
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Map<?, ?> message = message(end);
      if (id.equals(message.get("id"))) {
        return answer(command, message);
      }
    }
  }

  private static Object answer(String command, Map<?, ?> message) throws QmpException {
    if (message.get("error") instanceof Map<?, ?> error) {
      throw new QmpException(Failure.REFUSED, command + ": " + error.get("desc"));
    }
    return message.containsKey("return") ? message.get("return") : Map.of();
  }

  /** Waits for an event; earlier ones count, too. */
  void await(String name, Predicate<Map<?, ?>> data, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (events.stream().noneMatch(event -> isThis(event, name, data))) {
      var _ = message(end);
    }
  }

  private static boolean isThis(Map<?, ?> event, String name, Predicate<Map<?, ?>> data) {
    return name.equals(event.get("event"))
        && event.get("data") instanceof Map<?, ?> map
        && data.test(map);
  }

  private void send(byte[] line, String command) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      // A command is far smaller than a socket's buffer; if it does not fit, nobody is reading.
      channel.write(bytes);
    } catch (IOException _) {
      throw new QmpException(Failure.SILENT, "QEMU closed the connection before " + command);
    }
    if (bytes.hasRemaining()) {
      throw new QmpException(Failure.SILENT, "QEMU does not read what it is sent");
    }
  }

  private Map<?, ?> message(long end) throws IOException {
    Map<?, ?> message = object(line(end));
    if (message.containsKey("event")) {
      events.add(message);
    }
    return message;
  }

  private static Map<?, ?> object(byte[] line) throws QmpException {
    try {
      return JsonObject.parse(line);
    } catch (InvalidDocument _) {
      throw noQmp();
    }
  }

  private static QmpException noQmp() {
    return new QmpException(Failure.SILENT, "the listening program does not speak QMP");
  }

  private byte[] line(long end) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (received.hasRemaining()) {
        byte next = received.get();
        if (next == '\n') {
          return line.toByteArray();
        }
        line.write(next);
      }
      if (line.size() > LONGEST_LINE) {
        throw noQmp();
      }
      receive(end);
    }
  }

  private void receive(long end) throws IOException {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0 || selector.select(left) == 0) {
      throw new QmpException(
          Failure.SILENT,
          "no answer within " + patience.toSeconds() + " s; is another program using it?");
    }
    selector.selectedKeys().clear();
    received.clear();
    int count = read();
    received.flip();
    if (count < 0) {
      throw new QmpException(Failure.SILENT, "QEMU closed the connection halfway");
    }
  }

  private int read() {
    try {
      return channel.read(received);
    } catch (IOException _) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
