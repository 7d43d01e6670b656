package dev.keg.linux.rbd;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.linux.kernel.ErrnoException;
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

/**
 * The image of a volume, through the program {@code rbd}. Its snapshots are protected at once,
 * since the cluster protects none while a host has the image exclusively; clones share their data
 * until the snapshots are removed.
 */
final class Rbd {
  /** The prefix of Keg's snapshots in the cluster. */
  static final String OWN = "keg-";

  /** A snapshot that exists only for one clone. */
  private static final String FOR_CLONE = OWN + "clone-";

  /** The program itself would wait forever for a cluster that cannot be reached. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The exit status of {@code rbd} for a missing object. */
  private static final int ENOENT = 2;

  /** Its exit status for a device that is mounted. */
  private static final int EBUSY = 16;

  /** Its exit status for an image that already exists. */
  private static final int EEXIST = 17;

  /** Its exit status for a snapshot that is not protected. */
  private static final int EINVAL = 22;

  /** Without udev, the program would wait for its report about a device. */
  private static final List<String> WITHOUT_UDEV = List.of("--options", "noudev");

  /** What the list of devices shows in place of a snapshot for an image itself. */
  private static final String NO_SNAPSHOT = "-";

  private final Tools tools;
  private final RbdOptions options;
  private final String image;

  Rbd(Tools tools, RbdOptions options, String image) {
    this.tools = tools;
    this.options = options;
    this.image = image;
  }

  /** The image's name in messages. */
  String name() {
    return options.place() + "/" + image;
  }

  /** The image with that name in the same pool and namespace. */
  Rbd sibling(String other) {
    return new Rbd(tools, options, other);
  }

  /** Its name within pool and namespace. */
  String image() {
    return image;
  }

  /** Whether the name is taken, so that this image was not created. */
  static boolean isTaken(ToolException failure) {
    return !failure.didNotRun() && failure.exit() == EEXIST;
  }

  void create(Size size) throws ToolException {
    run("create", "--size", RbdOptions.mebibytes(size) + "M", "--no-progress", name());
  }

  /**
   * Grows the image; does nothing if it already has the size, as after a killed command, since the
   * program would refuse that.
   */
  void grow(Size size) throws ToolException, IOException {
    if (size().compareTo(size) < 0) {
      run("resize", "--size", RbdOptions.mebibytes(size) + "M", "--no-progress", name());
    }
  }

  private Size size() throws ToolException, IOException {
    String text = run("info", "--format", "json", name());
    try {
      return new Size(Long.parseLong(String.valueOf(object(text).get("size"))));
    } catch (NumberFormatException e) {
      throw unreadable(text, e);
    }
  }

  /**
   * Removes it with its data and the snapshots that its clones needed. A missing image is not an
   * error; one with other snapshots is refused. Removing may take long, so the image is first
   * looked up: that gives up on a silent cluster.
   */
  void remove() throws ToolException, IOException {
    Optional<String> text =
        ifExists(tool(List.of("info", "--format", "json", name())).withLimit(LIMIT));
    if (text.isEmpty()) {
      return;
    }
    Map<String, Object> info = object(text.get());
    List<String> kept = new ArrayList<>();
    for (Map<?, ?> snapshot : list(run("snap", "ls", "--format", "json", name()))) {
      String snapshotName = String.valueOf(snapshot.get("name"));
      if (snapshotName.startsWith(FOR_CLONE)) {
        discard(snapshotName);
      } else {
        kept.add(snapshotName);
      }
    }
    // Another host of a shared registry may have taken them, and only that host knows of them.
    if (!kept.isEmpty()) {
      throw new IOException(
          "it has snapshots that were not made here; remove them where they were made, or with"
              + " `rbd snap rm`: "
              + String.join(", ", kept));
    }
    var _ = ifExists(tool(List.of("remove", "--no-progress", name())).patiently());
    if (info.get("parent") instanceof Map<?, ?> parent
        && String.valueOf(parent.get("snapshot")).startsWith(FOR_CLONE)) {
      sibling(String.valueOf(parent.get("image"))).discard(String.valueOf(parent.get("snapshot")));
    }
  }

  /** Takes a snapshot of the data under this name. */
  void keep(String snapshot) throws ToolException {
    run("snap", "create", "--no-progress", at(snapshot));
    run("snap", "protect", at(snapshot));
  }

  private String at(String snapshot) {
    return name() + "@" + snapshot;
  }

  /**
   * Removes a snapshot, even an incomplete one; a missing one is not an error. Clones of it first
   * get their own data.
   */
  void discard(String snapshot) throws ToolException, IOException {
    unmap(snapshot);
    Optional<String> children =
        ifExists(tool(List.of("children", "--format", "json", at(snapshot))).withLimit(LIMIT));
    if (children.isEmpty()) {
      return;
    }
    for (Map<?, ?> child : list(children.get())) {
      String clone = place(child, "pool_namespace") + "/" + child.get("image");
      var _ = ifExists(tool(List.of("flatten", "--no-progress", clone)).patiently());
    }
    try {
      run("snap", "unprotect", at(snapshot));
    } catch (ToolException e) {
      if (e.didNotRun() || e.exit() != EINVAL) {
        throw e;
      }
    }
    var _ = ifExists(tool(List.of("snap", "rm", "--no-progress", at(snapshot))).withLimit(LIMIT));
  }

  /** Creates another image with the current data, which both share. */
  void cloneTo(Rbd copy) throws ToolException {
    String snapshot = FOR_CLONE + copy.image;
    keep(snapshot);
    cloneTo(copy, snapshot);
  }

  /** Removes the snapshot that was taken for a clone, if it exists. */
  void discardFor(Rbd copy) throws ToolException, IOException {
    discard(FOR_CLONE + copy.image);
  }

  /** Creates another image from a snapshot. */
  void cloneTo(Rbd copy, String snapshot) throws ToolException {
    run("clone", at(snapshot), copy.name());
  }

  /** Runs a tool; empty if the cluster does not have the object. */
  private Optional<String> ifExists(Tool tool) throws ToolException {
    try {
      return Optional.of(run(tool));
    } catch (ToolException e) {
      // Without a key or configuration, it exits with the same status but has asked no cluster.
      if (e.didNotRun() || e.exit() != ENOENT || e.output().contains("rbd: couldn't ")) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The device that the image has on this host. */
  private Optional<Path> device() throws ToolException, IOException {
    return device(NO_SNAPSHOT);
  }

  private Optional<Path> device(String snapshot) throws ToolException, IOException {
    for (Map<?, ?> mapped : list(run("device", "list", "--format", "json"))) {
      if (place(mapped, "namespace").equals(options.place())
          && image.equals(mapped.get("name"))
          && snapshot.equals(mapped.get("snap"))) {
        return Optional.of(Path.of(String.valueOf(mapped.get("device"))));
      }
    }
    return Optional.empty();
  }

  private static String place(Map<?, ?> image, String field) {
    String namespace = image.get(field) instanceof String given ? given : "";
    return image.get("pool") + (namespace.isEmpty() ? "" : "/" + namespace);
  }

  private Map<String, Object> object(String text) throws IOException {
    try {
      return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidDocument e) {
      throw unreadable(text, e);
    }
  }

  private IOException unreadable(String text, Exception cause) {
    return new IOException(
        "rbd's description of %s cannot be read: %s".formatted(name(), text), cause);
  }

  /** {@code [{"pool":"rbd","namespace":"","name":"x","snap":"-","device":"/dev/rbd0"}]} */
  private static List<Map<?, ?>> list(String text) throws IOException {
    if (text.isBlank()) {
      return List.of();
    }
    try {
      byte[] object = "{\"all\":%s}".formatted(text).getBytes(StandardCharsets.UTF_8);
      if (!(JsonObject.parse(object).get("all") instanceof List<?> items)) {
        throw new IOException("rbd's list is not a list: " + text);
      }
      List<Map<?, ?>> all = new ArrayList<>();
      for (Object item : items) {
        if (item instanceof Map<?, ?> fields) {
          all.add(fields);
        }
      }
      return all;
    } catch (InvalidDocument e) {
      throw new IOException("rbd's list cannot be read: " + text, e);
    }
  }

  /**
   * Maps the image to a device of this host, unless it is mapped already. The mapping is exclusive:
   * one by another host fails meanwhile.
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

  /** Maps a snapshot to a device of this host, which several commands share. */
  Path map(String snapshot) throws ToolException, IOException {
    Optional<Path> mapped = device(snapshot);
    if (mapped.isPresent()) {
      return mapped.get();
    }
    List<String> words = new ArrayList<>(List.of("device", "map", "--read-only"));
    options.mapOptions().ifPresent(more -> words.addAll(List.of("--options", more)));
    words.add(at(snapshot));
    return Path.of(run(words.toArray(String[]::new)).strip());
  }

  /** Unmaps a snapshot's device if nothing has it mounted any more. */
  void unmapUnused(String snapshot) throws ToolException, IOException {
    try {
      unmap(snapshot);
    } catch (ToolException e) {
      if (e.didNotRun() || e.exit() != EBUSY) {
        throw e;
      }
    }
  }

  void unmap() throws ToolException, IOException {
    unmap(NO_SNAPSHOT);
  }

  private void unmap(String snapshot) throws ToolException, IOException {
    Optional<Path> mapped = device(snapshot);
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
      throw e.timedOut() ? e.withHint("check that the cluster answers: `ceph -s`") : e;
    }
  }

  private Tool tool(List<String> words) {
    List<String> all = new ArrayList<>(options.identity());
    all.addAll(words);
    return Tool.of("rbd", all);
  }

  /** Maps the image while the work runs. */
  void mapped(DeviceWork work) throws ErrnoException, ToolException, IOException {
    Path device = map();
    try {
      work.on(device);
    } catch (ErrnoException | ToolException | IOException e) {
      try {
        unmap();
      } catch (ToolException | IOException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
    unmap();
  }
}
