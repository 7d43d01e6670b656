package dev.keg.machine.qmp;

import dev.keg.json.JsonObject;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers like QEMU 7.2, one client after the other, and stops on request. */
final class FakeQemu implements AutoCloseable {
  final Path socket;

  /** The commands so far. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  /** Block nodes by name, each with its arguments. */
  final SortedMap<String, Map<?, ?>> nodes = new ConcurrentSkipListMap<>();

  /** Devices by id, each with its arguments. */
  final SortedMap<String, Map<?, ?>> devices = new ConcurrentSkipListMap<>();

  /** Ports for devices besides the first bus, which takes none if there is such a port. */
  final SortedSet<String> freePorts = new ConcurrentSkipListSet<>();

  /** The dirty bitmaps of each node, by name. */
  final SortedMap<String, SortedMap<String, JsonObject>> bitmaps = new ConcurrentSkipListMap<>();

  /** Names of bitmaps in use. */
  final SortedSet<String> busy = new ConcurrentSkipListSet<>();

  /** Every job that a transaction started. */
  final List<Map<?, ?>> begun = new CopyOnWriteArrayList<>();

  /** Jobs by id, each with its arguments. */
  final SortedMap<String, Map<?, ?>> jobs = new ConcurrentSkipListMap<>();

  /** The number of queries until a job is done. */
  final AtomicInteger polls = new AtomicInteger(2);

  /** The error of every finished job. */
  volatile String jobError = "";

  /** Called before the answer to a transaction. */
  volatile Runnable onTransaction = () -> {};

  /** Its other objects by id, each with its arguments. */
  final SortedMap<String, Map<?, ?>> objects = new ConcurrentSkipListMap<>();

  /** Whether no key opens a disk. */
  volatile boolean wrongKey;

  volatile boolean hotplug = true;
  volatile boolean letsGo = true;
  volatile boolean greets = true;

  /** The command that it never answers. */
  volatile String mute = "";

  /** Its first message. */
  volatile String greeting = "{\"QMP\": {}}";

  /**
   * The command at which it closes the connection; with an exclamation mark after it, once it is
   * executed.
   */
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
      Map<?, ?> message = JsonObject.parse(line.getBytes(StandardCharsets.UTF_8));
      String command = String.valueOf(message.get("execute"));
      commands.add(command);
      if (command.equals(gone)) {
        return;
      }
      Map<?, ?> arguments = message.get("arguments") instanceof Map<?, ?> map ? map : Map.of();
      JsonObject answer = answer(client, command, arguments);
      if ((command + "!").equals(gone)) {
        return;
      }
      if (command.equals(mute)) {
        continue;
      }
      send(client, answer.put("id", String.valueOf(message.get("id"))));
      if (command.equals("device_del") && letsGo) {
        String path = "/machine/peripheral/" + arguments.get("id");
        deleted(client, new JsonObject().put("path", path + "/virtio-backend"));
        deleted(
            client,
            new JsonObject().put("path", path).put("device", String.valueOf(arguments.get("id"))));
      }
    }
  }

  private static void deleted(SocketChannel client, JsonObject data) throws IOException {
    send(client, new JsonObject().put("event", "DEVICE_DELETED").put("data", data));
  }

  private static void send(SocketChannel client, JsonObject message) throws IOException {
    var _ = client.write(ByteBuffer.wrap(message.bytes()));
  }

  private JsonObject answer(SocketChannel client, String command, Map<?, ?> arguments)
      throws IOException {
    return switch (command) {
      case "blockdev-add" -> {
        if (wrongKey) {
          yield refused("Invalid password, cannot unlock any keyslot");
        }
        String node = String.valueOf(arguments.get("node-name"));
        yield nodes.putIfAbsent(node, arguments) == null
            ? done()
            : refused("Duplicate nodes with node-name='" + node + "'");
      }
      case "blockdev-del" -> {
        nodes.remove(String.valueOf(arguments.get("node-name")));
        yield done();
      }
      case "device_add" -> add(arguments);
      case "device_del" -> {
        send(client, new JsonObject().put("event", "RTC_CHANGE").put("data", new JsonObject()));
        if (letsGo) {
          devices.remove(String.valueOf(arguments.get("id")));
        }
        yield done();
      }
      case "qom-list" ->
          names(
              "name",
              "/objects".equals(arguments.get("path")) ? objects.keySet() : devices.keySet());
      case "object-add" -> {
        String id = String.valueOf(arguments.get("id"));
        yield objects.putIfAbsent(id, arguments) == null
            ? done()
            : refused("attempt to add duplicate property '" + id + "' to object");
      }
      case "object-del" -> {
        objects.remove(String.valueOf(arguments.get("id")));
        yield done();
      }
      case "query-named-block-nodes" ->
          new JsonObject()
              .objects(
                  "return",
                  nodes.entrySet().stream().map(e -> node(e.getKey(), e.getValue())).toList());
      case "query-block" ->
          new JsonObject()
              .objects(
                  "return",
                  devices.entrySet().stream().map(e -> block(e.getKey(), e.getValue())).toList());
      case "transaction" -> begin(arguments);
      case "block-dirty-bitmap-remove" -> {
        String name = String.valueOf(arguments.get("name"));
        if (busy.contains(name)) {
          yield refused("Bitmap '%s' is currently in use by another operation".formatted(name));
        }
        bitmaps.getOrDefault(String.valueOf(arguments.get("node")), new TreeMap<>()).remove(name);
        yield done();
      }
      case "query-jobs" -> jobs();
      case "job-cancel" -> {
        polls.set(0);
        yield done();
      }
      case "job-dismiss" -> {
        jobs.remove(String.valueOf(arguments.get("id")));
        yield done();
      }
      case "query-pci" -> ports();
      default -> done();
    };
  }

  private JsonObject begin(Map<?, ?> transaction) {
    onTransaction.run();
    for (Map<?, ?> action : QmpMachine.maps(transaction.get("actions"))) {
      Map<?, ?> data = action.get("data") instanceof Map<?, ?> map ? map : Map.of();
      if ("block-dirty-bitmap-add".equals(action.get("type"))) {
        addBitmap(String.valueOf(data.get("node")), String.valueOf(data.get("name")));
        continue;
      }
      jobs.put(String.valueOf(data.get("job-id")), data);
      begun.add(data);
    }
    return done();
  }

  /** Adds a consistent bitmap to a node. */
  void addBitmap(String node, String name) {
    addBitmap(node, name, true);
  }

  void addBitmap(String node, String name, boolean whole) {
    bitmaps
        .computeIfAbsent(node, _ -> new ConcurrentSkipListMap<>())
        .put(
            name,
            new JsonObject()
                .put("name", name)
                .put("recording", whole)
                .put("inconsistent", !whole)
                .put("granularity", 65536)
                .put("count", 131072));
  }

  private JsonObject jobs() {
    polls.decrementAndGet();
    return new JsonObject().objects("return", jobs.keySet().stream().map(this::job).toList());
  }

  private JsonObject job(String id) {
    JsonObject job =
        new JsonObject()
            .put("id", id)
            .put("status", polls.get() < 0 ? "concluded" : "running")
            .put("current-progress", polls.get() < 0 ? 100 : 40);
    return polls.get() < 0 && !jobError.isEmpty() ? job.put("error", jobError) : job;
  }

  private static JsonObject refused(String why) {
    return new JsonObject()
        .put("error", new JsonObject().put("class", "GenericError").put("desc", why));
  }

  private JsonObject add(Map<?, ?> device) {
    boolean onPort = freePorts.remove(String.valueOf(device.get("bus")));
    if (!hotplug && !onPort) {
      return refused("Bus 'pcie.0' does not support hotplugging");
    }
    devices.put(String.valueOf(device.get("id")), device);
    return done();
  }

  private static JsonObject done() {
    return new JsonObject().put("return", new JsonObject());
  }

  private JsonObject node(String name, Map<?, ?> madeOf) {
    JsonObject node = new JsonObject().put("node-name", name);
    if (madeOf.get("file") instanceof Map<?, ?> file) {
      node.put("drv", String.valueOf(madeOf.get("driver")));
      String path = String.valueOf(file.get("filename"));
      boolean encrypted = madeOf.containsKey("encrypt") || madeOf.containsKey("key-secret");
      node.put(
          "file", encrypted ? "json:{\"file\": {\"filename\": \"%s\"}}".formatted(path) : path);
      node.put("ro", Boolean.TRUE.equals(madeOf.get("read-only")));
    }
    if (madeOf.get("backing") instanceof Map<?, ?> backing) {
      node.put("backing_file", String.valueOf(backing.get("filename")));
    }
    if (bitmaps.containsKey(name)) {
      node.objects("dirty-bitmaps", List.copyOf(bitmaps.get(name).values()));
    }
    return node;
  }

  private JsonObject block(String device, Map<?, ?> madeOf) {
    String drive = String.valueOf(madeOf.get("drive"));
    JsonObject block =
        new JsonObject().put("qdev", "/machine/peripheral/" + device + "/virtio-backend");
    return nodes.containsKey(drive) ? block.put("inserted", node(drive, nodes.get(drive))) : block;
  }

  private static JsonObject names(String key, Collection<String> names) {
    return new JsonObject()
        .objects("return", names.stream().map(name -> new JsonObject().put(key, name)).toList());
  }

  private JsonObject ports() {
    List<JsonObject> devices = new ArrayList<>();
    devices.add(port("").put("class_info", new JsonObject()));
    JsonObject used = new JsonObject().objects("devices", List.of(port("nic")));
    devices.add(port("taken").put("pci_bridge", used));
    for (String free : freePorts) {
      JsonObject bridge = new JsonObject().put("bus", new JsonObject());
      devices.add(port(free).put("pci_bridge", bridge));
    }
    JsonObject bus = new JsonObject().put("bus", "0").objects("devices", devices);
    return new JsonObject().objects("return", List.of(bus));
  }

  private static JsonObject port(String id) {
    return new JsonObject().put("qdev_id", id);
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
    // The socket refuses connections only after accept(2) has returned.
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
