package dev.keg.linux.rbd;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The image of a volume, through the program {@code rbd}. */
final class Rbd {
  /** A cluster that cannot be reached is waited for without an end. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The status of {@code rbd} for what is not there. */
  private static final int ENOENT = 2;

  /** Where nobody runs it, the program would wait for what it says of a device. */
  private static final List<String> WITHOUT_UDEV = List.of("--options", "noudev");

  private final Tools tools;
  private final RbdOptions options;
  private final String image;

  Rbd(Tools tools, RbdOptions options, String image) {
    this.tools = tools;
    this.options = options;
    this.image = image;
  }

  /** The image as people name it. */
  String name() {
    return options.place() + "/" + image;
  }

  void create(Size size) throws ToolException {
    run("create", "--size", RbdOptions.mebibytes(size) + "M", "--no-progress", name());
  }

  /** The program refuses a size that it has already, as after a command that was killed. */
  void grow(Size size) throws ToolException, IOException {
    if (size().compareTo(size) < 0) {
      run("resize", "--size", RbdOptions.mebibytes(size) + "M", "--no-progress", name());
    }
  }

  private Size size() throws ToolException, IOException {
    String text = run("info", "--format", "json", name());
    try {
      byte[] object = text.getBytes(StandardCharsets.UTF_8);
      return new Size(Long.parseLong(String.valueOf(JsonObject.parse(object).get("size"))));
    } catch (InvalidDocument | NumberFormatException e) {
      throw new IOException(
          "rbd's description of %s cannot be read: %s".formatted(name(), text), e);
    }
  }

  /**
   * Removes it with its data; one that is gone is fine. That may take long, so it is looked at
   * first: a cluster that is silent is given up.
   */
  void remove() throws ToolException {
    unlessGone(tool(List.of("info", name())).withLimit(LIMIT));
    unlessGone(tool(List.of("remove", "--no-progress", name())).patiently());
  }

  private void unlessGone(Tool tool) throws ToolException {
    try {
      var _ = run(tool);
    } catch (ToolException e) {
      // Without a key or a configuration it has the same status, and has asked no cluster.
      if (e.didNotRun() || e.exit() != ENOENT || e.output().contains("rbd: couldn't ")) {
        throw e;
      }
    }
  }

  /** The device that shows it on this host. */
  Optional<Path> device() throws ToolException, IOException {
    for (Map<?, ?> mapped : list(run("device", "list", "--format", "json"))) {
      String namespace = mapped.get("namespace") instanceof String given ? given : "";
      String place = mapped.get("pool") + (namespace.isEmpty() ? "" : "/" + namespace);
      if (place.equals(options.place())
          && image.equals(mapped.get("name"))
          && "-".equals(mapped.get("snap"))) {
        return Optional.of(Path.of(String.valueOf(mapped.get("device"))));
      }
    }
    return Optional.empty();
  }

  /** {@code [{"pool":"rbd","namespace":"","name":"x","snap":"-","device":"/dev/rbd0"}]} */
  private static List<Map<?, ?>> list(String text) throws IOException {
    if (text.isBlank()) {
      return List.of();
    }
    try {
      byte[] object = "{\"all\":%s}".formatted(text).getBytes(StandardCharsets.UTF_8);
      if (!(JsonObject.parse(object).get("all") instanceof List<?> devices)) {
        throw new IOException("rbd's list of devices is none: " + text);
      }
      List<Map<?, ?>> all = new ArrayList<>();
      for (Object device : devices) {
        if (device instanceof Map<?, ?> fields) {
          all.add(fields);
        }
      }
      return all;
    } catch (InvalidDocument e) {
      throw new IOException("rbd's list of devices cannot be read: " + text, e);
    }
  }

  /**
   * Shows it as a device of this host, unless it is one already. The host has it alone: another
   * one's mapping fails meanwhile.
   */
  Path map() throws ToolException, IOException {
    Optional<Path> mapped = device();
    if (mapped.isPresent()) {
      return mapped.get();
    }
    List<String> words = new ArrayList<>(List.of("device", "map", "--exclusive"));
    options.mapOptions().ifPresent(more -> words.addAll(List.of("--options", more)));
    words.add(name());
    return Path.of(run(words.toArray(String[]::new)).strip());
  }

  void unmap() throws ToolException, IOException {
    Optional<Path> mapped = device();
    if (mapped.isPresent()) {
      List<String> words = new ArrayList<>(List.of("device", "unmap"));
      options.mapOptions().filter(Rbd::isWithoutUdev).ifPresent(_ -> words.addAll(WITHOUT_UDEV));
      words.add(mapped.get().toString());
      run(words.toArray(String[]::new));
    }
  }

  private static boolean isWithoutUdev(String mapOptions) {
    return List.of(mapOptions.split(",", -1)).contains("noudev");
  }

  private String run(String... words) throws ToolException {
    return run(tool(List.of(words)).withLimit(LIMIT));
  }

  private String run(Tool tool) throws ToolException {
    try {
      return tools.run(tool);
    } catch (ToolException e) {
      throw e.timedOut() ? e.withHint("see whether the cluster answers: `ceph -s`") : e;
    }
  }

  private Tool tool(List<String> words) {
    List<String> all = new ArrayList<>(options.identity());
    all.addAll(words);
    return Tool.of("rbd", all);
  }
}
