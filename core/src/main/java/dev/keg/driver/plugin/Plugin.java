package dev.keg.driver.plugin;

import dev.keg.driver.plugin.HttpHead.Malformed;
import dev.keg.file.FileFailures;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A plugin, during a piece of work for which others may wait for a lock. It is first asked what it
 * is and what it knows of the volume, which takes no plugin long, so that a hanging one is given up
 * at once; all its answers together have a time limit. Each request has its own connection, which
 * is closed after the answer. Nothing is sent twice, since a plugin may have done what it did not
 * answer.
 */
public final class Plugin {
  /** Docker's time limit. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Duration SHORT = Duration.ofMinutes(1);

  /** The time limit for a plugin to say what it is and which volumes it has. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String HEAD =
      """
      POST %s HTTP/1.1\r
      Host: plugin\r
      Accept: application/vnd.docker.plugins.v1.2+json\r
      Content-Length: %d\r
      Connection: close\r
      \r
      """;

  private final PluginAddress address;
  private final Consumer<String> debug;
  private final Duration most;
  private final long begin = System.nanoTime();
  private Optional<Map<String, Object>> activation = Optional.empty();
  private boolean answers;

  private Plugin(PluginAddress address, Consumer<String> debug, Duration most) {
    this.address = address;
    this.debug = debug;
    this.most = most;
  }

  /** The plugin of this name, which was not contacted yet. */
  public static Plugin find(PluginPlaces places, String name, Consumer<String> debug)
      throws PluginException {
    return new Plugin(places.address(name), debug, LONG);
  }

  /** The same plugin with this time limit, from now on, for all its answers. */
  public Plugin within(Duration limit) {
    return new Plugin(address, debug, limit);
  }

  /**
   * A plugin's volume.
   *
   * @param mountpoint empty if it is not mounted, or the plugin does not report it
   * @param status further facts from the plugin; a nested one has the name of the outer one as a
   *     prefix
   */
  public record Described(String name, String mountpoint, SortedMap<String, String> status) {}

  /** Whether the plugin is Keg with the registry that contains the path. */
  public boolean isKegWith(Path path) throws PluginException {
    String root = text(activate(), "KegRoot");
    try {
      return !root.isEmpty()
          && path.toRealPath().startsWith(path.getFileSystem().getPath(root).toRealPath());
    } catch (NoSuchFileException _) {
      return false; // one of the two does not have or see the registry
    } catch (IOException | InvalidPathException e) {
      throw PluginException.silent("cannot compare %s and %s: %s".formatted(path, root, e), e);
    }
  }

  private Map<String, Object> activate() throws PluginException {
    if (activation.isEmpty()) {
      Map<String, Object> answer = ask("Plugin.Activate", Optional.empty(), PATIENCE);
      if (!(answer.get("Implements") instanceof List<?> kinds)
          || kinds.stream().map(String::valueOf).noneMatch("VolumeDriver"::equalsIgnoreCase)) {
        throw PluginException.unusable("it is not a plugin for volumes");
      }
      activation = Optional.of(answer);
    }
    return activation.get();
  }

  /**
   * {@code global} for a plugin whose volumes are the same on all hosts; {@code local} after any
   * failure.
   */
  public String scope() {
    try {
      Map<String, Object> answer = volumes("Capabilities", new JsonObject(), PATIENCE);
      return answer.get("Capabilities") instanceof Map<?, ?> map
              && text(map, "Scope").toLowerCase(Locale.ROOT).equals("global")
          ? "global"
          : "local";
    } catch (PluginException _) {
      return "local"; // a plugin need not support this request
    }
  }

  public void create(String name, Map<String, String> options) throws PluginException {
    requireAnswer(name);
    var _ = volumes("Create", named(name).put("Opts", options), LONG);
  }

  public void remove(String name) throws PluginException {
    requireAnswer(name);
    var _ = volumes("Remove", named(name), SHORT);
  }

  /** Mounts the volume for the holder with this id, and returns the mount point. */
  public Path mount(String name, String id, Path relativeTo) throws PluginException {
    requireAnswer(name);
    Map<String, Object> answer = volumes("Mount", named(name).put("ID", id), LONG);
    String path = text(answer, "Mountpoint");
    if (path.isEmpty()) {
      path = text(volumes("Path", named(name), PATIENCE), "Mountpoint");
    }
    return MountpointCheck.directory(path, relativeTo);
  }

  public void unmount(String name, String id) throws PluginException {
    requireAnswer(name);
    var _ = volumes("Unmount", named(name).put("ID", id), SHORT);
  }

  /** The volume; empty if the plugin reports in any way that it does not exist. */
  public Optional<Described> get(String name) throws PluginException {
    try {
      return volumes("Get", named(name), PATIENCE).get("Volume") instanceof Map<?, ?> volume
          ? Optional.of(described(volume))
          : Optional.empty();
    } catch (PluginException e) {
      if (e.answered()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All volumes, in the plugin's order. */
  public List<Described> list() throws PluginException {
    List<Described> all = new ArrayList<>();
    if (volumes("List", new JsonObject(), PATIENCE).get("Volumes") instanceof List<?> volumes) {
      for (Object volume : volumes) {
        if (volume instanceof Map<?, ?> map) {
          all.add(described(map));
        }
      }
    }
    return all;
  }

  private static Described described(Map<?, ?> volume) {
    SortedMap<String, String> status = new TreeMap<>();
    if (volume.get("Status") instanceof Map<?, ?> parts) {
      flatten("", parts, status);
    }
    return new Described(
        PluginException.printable(text(volume, "Name")),
        PluginException.printable(text(volume, "Mountpoint")),
        status);
  }

  private static void flatten(String prefix, Map<?, ?> parts, SortedMap<String, String> texts) {
    parts.forEach(
        (key, value) -> {
          String name = prefix + PluginException.printable(key.toString());
          if (value instanceof Map<?, ?> map) {
            flatten(name + ".", map, texts);
          } else {
            texts.put(name, PluginException.printable(value.toString()));
          }
        });
  }

  /** Checks that the plugin answers at all, before a request that may take long. */
  private void requireAnswer(String name) throws PluginException {
    if (!answers) {
      var _ = get(name);
    }
  }

  private static JsonObject named(String name) {
    return new JsonObject().put("Name", name);
  }

  private static String text(Map<?, ?> map, String field) {
    return map.get(field) instanceof String text ? text : "";
  }

  private Map<String, Object> volumes(String method, JsonObject body, Duration limit)
      throws PluginException {
    var _ = activate();
    try {
      Map<String, Object> answer = ask("VolumeDriver." + method, Optional.of(body), limit);
      answers = true;
      return answer;
    } catch (PluginException e) {
      answers |= e.answered();
      throw e;
    }
  }

  private Map<String, Object> ask(String endpoint, Optional<JsonObject> body, Duration usual)
      throws PluginException {
    Duration left = most.minusNanos(System.nanoTime() - begin);
    Duration limit = usual.compareTo(left) < 0 ? usual : left;
    byte[] content = body.map(JsonObject::bytes).orElse(new byte[0]);
    HttpAnswer answer = send(endpoint, content, limit);
    debug.accept("plugin %s: %s %d".formatted(address, endpoint, answer.status()));
    Optional<Map<String, Object>> fields = fields(answer.body());
    String error = fields.map(map -> text(map, "Err")).orElse("");
    if (answer.status() != 200 || !error.isEmpty()) {
      String why = error.isEmpty() ? answer.body().strip() : error;
      throw PluginException.refused(
          "%s: %s".formatted(endpoint, why.isEmpty() ? "status " + answer.status() : why));
    }
    return fields.orElseThrow(
        () -> PluginException.unusable(endpoint + ": the answer is not a JSON object"));
  }

  private static Optional<Map<String, Object>> fields(String body) {
    try {
      return Optional.of(JsonObject.parse(body.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidDocument _) {
      return Optional.empty(); // an error may be plain text
    }
  }

  private HttpAnswer send(String endpoint, byte[] content, Duration limit) throws PluginException {
    if (!limit.isPositive()) {
      throw PluginException.silent(
          "%s: %s has taken %d s already".formatted(endpoint, address, most.toSeconds()), null);
    }
    try (PluginSocket socket = PluginSocket.open(address, limit)) {
      try {
        byte[] head =
            HEAD.formatted("/" + endpoint, content.length).getBytes(StandardCharsets.US_ASCII);
        socket.out().write(head);
        socket.out().write(content);
        socket.out().flush();
        return HttpAnswer.read(socket.in());
      } catch (IOException e) {
        throw socket.isLate() ? new PluginSocket.Late() : e;
      }
    } catch (PluginSocket.Late e) {
      throw PluginException.silent(
          "%s: no answer from %s within %d s"
              .formatted(endpoint, address, Math.round(limit.toMillis() / 1000.0)),
          e);
    } catch (Malformed e) {
      throw PluginException.silent(
          "%s: the answer of %s cannot be read: %s".formatted(endpoint, address, e.getMessage()),
          e);
    } catch (PluginException e) {
      throw e;
    } catch (IOException e) {
      throw PluginException.silent(
          "%s: cannot reach %s: %s".formatted(endpoint, address, FileFailures.reason(e)), e);
    }
  }
}
