package dev.keg.machine.qmp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as QEMU 7.2 does, one client after the other, and stops where it is told to. */
final class FakeQemu implements AutoCloseable {
  final Path socket;

  /** The commands so far. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  /** Block nodes by name, each with what it was made of. */
  final SortedMap<String, Map<?, ?>> nodes = new ConcurrentSkipListMap<>();

  /** Devices by id, each with what it was made of. */
  final SortedMap<String, Map<?, ?>> devices = new ConcurrentSkipListMap<>();

  /** Where devices can be put beside the first bus, which takes none if there is such a port. */
  final SortedSet<String> freePorts = new ConcurrentSkipListSet<>();

  volatile boolean hotplug = true;
  volatile boolean letsGo = true;
  volatile boolean greets = true;

  /** This command it never answers. */
  volatile String mute = "";

  /** What it says first. */
  volatile String greeting = "{\"QMP\": {}}";

  /** At this command it closes the connection; at an exclamation mark behind it, having done it. */
  volatile String gone = "";

  private final ServerSocketChannel server;
  private final Thread thread;

  FakeQemu(Path socket) throws IOException {
    this.socket = socket;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    this.thread = Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        serve(client);
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(SocketChannel client) throws IOException {
    if (greets) {
      var _ = client.write(ByteBuffer.wrap((greeting + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Map<?, ?> message = QmpJson.object(line.getBytes(StandardCharsets.UTF_8));
      String command = String.valueOf(message.get("execute"));
      commands.add(command);
      if (command.equals(gone)) {
        return;
      }
      Map<?, ?> arguments = message.get("arguments") instanceof Map<?, ?> map ? map : Map.of();
      Map<String, Object> answer = new LinkedHashMap<>(answer(client, command, arguments));
      if ((command + "!").equals(gone)) {
        return;
      }
      if (command.equals(mute)) {
        continue;
      }
      answer.put("id", String.valueOf(message.get("id")));
      send(client, answer);
      if (command.equals("device_del") && letsGo && !answer.containsKey("error")) {
        Object id = arguments.get("id");
        deleted(client, Map.of("path", "/machine/peripheral/" + id + "/virtio-backend"));
        deleted(client, Map.of("path", "/machine/peripheral/" + id, "device", String.valueOf(id)));
      }
    }
  }

  private static void deleted(SocketChannel client, Map<String, ?> data) throws IOException {
    send(client, Map.of("event", "DEVICE_DELETED", "data", data));
  }

  private static void send(SocketChannel client, Map<String, ?> message) throws IOException {
    var _ = client.write(ByteBuffer.wrap(QmpJson.line(message)));
  }

  private Map<String, ?> answer(SocketChannel client, String command, Map<?, ?> arguments)
      throws IOException {
    return switch (command) {
      case "blockdev-add" -> {
        nodes.put(String.valueOf(arguments.get("node-name")), arguments);
        yield done();
      }
      case "blockdev-del" -> {
        nodes.remove(String.valueOf(arguments.get("node-name")));
        yield done();
      }
      case "device_add" -> add(arguments);
      case "device_del" -> {
        send(client, Map.of("event", "RTC_CHANGE", "data", Map.of()));
        if (letsGo) {
          devices.remove(String.valueOf(arguments.get("id")));
        }
        yield done();
      }
      case "qom-list" -> names("name", devices.keySet());
      case "query-named-block-nodes" -> names("node-name", nodes.keySet());
      case "query-pci" -> ports();
      default -> done();
    };
  }

  private Map<String, ?> add(Map<?, ?> device) {
    boolean onPort = freePorts.remove(String.valueOf(device.get("bus")));
    if (!hotplug && !onPort) {
      return Map.of(
          "error",
          Map.of("class", "GenericError", "desc", "Bus 'pcie.0' does not support hotplugging"));
    }
    devices.put(String.valueOf(device.get("id")), device);
    return done();
  }

  private static Map<String, ?> done() {
    return Map.of("return", Map.of());
  }

  private static Map<String, ?> names(String key, Iterable<String> names) {
    List<Map<String, ?>> entries = new ArrayList<>();
    names.forEach(name -> entries.add(Map.of(key, name)));
    return Map.of("return", entries);
  }

  private Map<String, ?> ports() {
    List<Map<String, ?>> devices = new ArrayList<>();
    devices.add(Map.of("qdev_id", "", "class_info", Map.of()));
    devices.add(
        Map.of(
            "qdev_id",
            "taken",
            "pci_bridge",
            Map.of("devices", List.of(Map.of("qdev_id", "nic")))));
    freePorts.forEach(
        port -> devices.add(Map.of("qdev_id", port, "pci_bridge", Map.of("bus", Map.of()))));
    return Map.of("return", List.of(Map.of("bus", "0", "devices", devices)));
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
    // Only when it is out of accept(2) does the socket refuse connections.
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
