package dev.keg.machine.qmp;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.machine.qmp.QmpException.Failure;
import java.io.IOException;
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
  private final SocketLines lines;
  private final Duration patience;
  private final List<Map<?, ?>> events = new ArrayList<>();
  private long commands;

  private QmpConnection(SocketLines lines, Duration patience) {
    this.lines = lines;
    this.patience = patience;
  }

  /** Connects and negotiates capabilities. */
  static QmpConnection open(Path socket, Duration patience) throws IOException {
    SocketLines lines = SocketLines.open(socket, "QEMU");
    try {
      QmpConnection connection = new QmpConnection(lines, patience);
      connection.greet();
      return connection;
    } catch (IOException e) {
      lines.close();
      throw e;
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
    lines.send(line.put("id", id).bytes(), command);
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

  /** Waits for an event; events that have already arrived count, too. */
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

  private Map<?, ?> message(long end) throws IOException {
    Map<?, ?> message = object(lines.line(end, patience));
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

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
