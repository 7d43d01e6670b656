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
 * The image of a volume, through the program {@code rbd}. Its snapshots are protected from the
 * first moment, since the cluster lets nobody protect one of an image that a host has alone; clones
 * share their data until they are removed.
 */
final class Rbd {
  /** What Keg names a snapshot in the cluster begins with it. */
  static final String OWN = "keg-";

  /** A snapshot that exists only for one clone. */
  private static final String FOR_CLONE = OWN + "clone-";

  /** A cluster that cannot be reached is waited for without an end. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The status of {@code rbd} for what is not there. */
  private static final int ENOENT = 2;

  /** For a device that is mounted. */
  private static final int EBUSY = 16;

  /** For an image that is there already. */
  private static final int EEXIST = 17;

  /** For a snapshot that is not protected. */
  private static final int EINVAL = 22;

  /** Where nobody runs it, the program would wait for what it says of a device. */
  private static final List<String> WITHOUT_UDEV = List.of("--options", "noudev");

  /** How the list of devices says that one shows an image itself. */
  private static final String NO_SNAPSHOT = "-";

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

  /** The image of that name in the same place. */
  Rbd sibling(String other) {
    return new Rbd(tools, options, other);
  }

  /** Its name in its place. */
  String image() {
    return image;
  }

  /** Whether another image has the name, so that this one was not made. */
  static boolean isTaken(ToolException failure) {
    return !failure.didNotRun() && failure.exit() == EEXIST;
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
      return new Size(Long.parseLong(String.valueOf(object(text).get("size"))));
    } catch (NumberFormatException e) {
      throw unreadable(text, e);
    }
  }

  /**
   * Removes it with its data and what clones of it needed; one that is gone is fine, and one that
   * has snapshots is refused. That may take long, so it is looked at first: a cluster that is
   * silent is given up.
   */
  void remove() throws ToolException, IOException {
    Optional<String> text =
        unlessGone(tool(List.of("info", "--format", "json", name())).withLimit(LIMIT));
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
    // Another host of a shared registry may have made them, and only that host knows of them.
    if (!kept.isEmpty()) {
      throw new IOException(
          "it has snapshots that were not made here; remove them where they were made, or with"
              + " `rbd snap rm`: "
              + String.join(", ", kept));
    }
    var _ = unlessGone(tool(List.of("remove", "--no-progress", name())).patiently());
    if (info.get("parent") instanceof Map<?, ?> parent
        && String.valueOf(parent.get("snapshot")).startsWith(FOR_CLONE)) {
      sibling(String.valueOf(parent.get("image"))).discard(String.valueOf(parent.get("snapshot")));
    }
  }

  /** Keeps the data as it is now under the name of a snapshot. */
  void keep(String snapshot) throws ToolException {
    run("snap", "create", "--no-progress", at(snapshot));
    run("snap", "protect", at(snapshot));
  }

  private String at(String snapshot) {
    return name() + "@" + snapshot;
  }

  /**
   * Removes a snapshot, however far it had come; one that is gone is fine. Clones of it get data of
   * their own first.
   */
  void discard(String snapshot) throws ToolException, IOException {
    unmap(snapshot);
    Optional<String> children =
        unlessGone(tool(List.of("children", "--format", "json", at(snapshot))).withLimit(LIMIT));
    if (children.isEmpty()) {
      return;
    }
    for (Map<?, ?> child : list(children.get())) {
      String clone = place(child, "pool_namespace") + "/" + child.get("image");
      var _ = unlessGone(tool(List.of("flatten", "--no-progress", clone)).patiently());
    }
    try {
      run("snap", "unprotect", at(snapshot));
    } catch (ToolException e) {
      if (e.didNotRun() || e.exit() != EINVAL) {
        throw e;
      }
    }
    var _ = unlessGone(tool(List.of("snap", "rm", "--no-progress", at(snapshot))).withLimit(LIMIT));
  }

  /** Makes another image of the data as it is now, which shares it. */
  void cloneTo(Rbd copy) throws ToolException {
    String snapshot = FOR_CLONE + copy.image;
    keep(snapshot);
    cloneTo(copy, snapshot);
  }

  /** Removes the snapshot that was made for a clone, if it is there. */
  void discardFor(Rbd copy) throws ToolException, IOException {
    discard(FOR_CLONE + copy.image);
  }

  /** Makes another image of a snapshot. */
  void cloneTo(Rbd copy, String snapshot) throws ToolException {
    run("clone", at(snapshot), copy.name());
  }

  /** What the cluster has not, is gone: empty. */
  private Optional<String> unlessGone(Tool tool) throws ToolException {
    try {
      return Optional.of(run(tool));
    } catch (ToolException e) {
      // Without a key or a configuration it has the same status, and has asked no cluster.
      if (e.didNotRun() || e.exit() != ENOENT || e.output().contains("rbd: couldn't ")) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The device that shows it on this host. */
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

  /** Shows a snapshot as a device of this host; several commands share it. */
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

  /** The device of a snapshot stays for others that have it mounted; the last one unmaps it. */
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

  /** Maps the image for as long as the work takes. */
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
