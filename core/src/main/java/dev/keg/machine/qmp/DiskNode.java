package dev.keg.machine.qmp;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.machine.qmp.QmpException.Failure;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A machine's block node for a disk, and its dirty bitmaps. It is found by the disk's file: whoever
 * started the machine chose the drive's name, so that says nothing about the disk.
 */
final class DiskNode {
  /** The granularity of bitmaps, which is also the cluster size of copies. */
  private static final int GRANULARITY = 64 << 10;

  private static final String DESCRIPTION = "json:";

  private final QmpConnection qemu;
  private final Map<?, ?> facts;

  private DiskNode(QmpConnection qemu, Map<?, ?> facts) {
    this.qemu = qemu;
    this.facts = facts;
  }

  static DiskNode find(QmpConnection qemu, Plug plug) throws IOException {
    MachineDisk disk = plug.disk();
    List<DiskNode> found = new ArrayList<>();
    for (Map<?, ?> node : all(qemu)) {
      DiskNode candidate = new DiskNode(qemu, node);
      if (candidate.isOf(disk)) {
        found.add(candidate);
      }
      // Somebody took a snapshot in the machine, so the disk itself no longer changes.
      if (!plug.readOnly() && isFile(node.get("backing_file"), disk.file())) {
        throw new QmpException(
            Failure.REFUSED,
            "the machine writes to %s, which is built on the disk; commit it first"
                .formatted(node.get("file")));
      }
    }
    if (found.isEmpty()) {
      throw new QmpException(Failure.REFUSED, "the machine has no disk of " + disk.file());
    }
    String drive = plug.drive().text();
    return found.stream()
        .filter(node -> node.name().equals(drive))
        .findFirst()
        .orElseGet(found::getFirst);
  }

  /** The node that the drive's id names, whatever its disk. */
  static Optional<DiskNode> named(QmpConnection qemu, DriveId drive) throws IOException {
    return all(qemu).stream()
        .map(facts -> new DiskNode(qemu, facts))
        .filter(node -> node.name().equals(drive.text()))
        .findFirst();
  }

  /** Refuses a device that does not have exactly this disk, whatever its node's name. */
  static void requireAt(QmpConnection qemu, String device, Plug plug) throws IOException {
    DiskNode node =
        at(qemu, device)
            .filter(found -> found.isOf(plug.disk()))
            .orElseThrow(() -> another(plug, "choose an id with --drive-id"));
    if (!node.isOf(plug)) {
      throw new QmpException(
          Failure.REFUSED,
          "the machine already has the disk, %s; remove it first with device_del %s"
              .formatted(plug.readOnly() ? "for writing" : "read-only", device));
    }
  }

  /**
   * The same for a device about to be removed: writes that the machine keeps on top of its disk
   * would be lost with it.
   */
  static void requireGoing(QmpConnection qemu, String device, Plug plug) throws IOException {
    MachineDisk disk = plug.disk();
    boolean its =
        at(qemu, device)
            .filter(node -> node.isOf(disk) || isFile(node.facts.get("backing_file"), disk.file()))
            .isPresent();
    if (!its) {
      throw another(plug, "if this volume's disk is gone, detach without --qmp");
    }
  }

  private static QmpException another(Plug plug, String remedy) {
    return new QmpException(
        Failure.REFUSED, "the machine has another disk as %s; %s".formatted(plug.drive(), remedy));
  }

  /** The node of the device, whose own id may be that of a child node. */
  private static Optional<DiskNode> at(QmpConnection qemu, String device) throws IOException {
    String path = "/machine/peripheral/" + device;
    for (Map<?, ?> block : QmpMachine.maps(qemu.execute("query-block", new JsonObject()))) {
      String shown = String.valueOf(block.get("qdev"));
      boolean same = shown.equals(device) || (shown + "/").startsWith(path + "/");
      if (same && block.get("inserted") instanceof Map<?, ?> inserted) {
        return Optional.of(new DiskNode(qemu, inserted));
      }
    }
    return Optional.empty();
  }

  boolean isOf(MachineDisk disk) {
    return isFile(facts.get("file"), disk.file()) && driver(disk).equals(facts.get("drv"));
  }

  /** Whether its disk and access mode are the plug's. */
  boolean isOf(Plug plug) {
    return isOf(plug.disk()) && Boolean.valueOf(plug.readOnly()).equals(facts.get("ro"));
  }

  static List<Map<?, ?>> all(QmpConnection qemu) throws IOException {
    JsonObject flat = new JsonObject().put("flat", true);
    return QmpMachine.maps(qemu.execute("query-named-block-nodes", flat));
  }

  /** Whether the name leads to the disk, possibly through a link. */
  private static boolean isFile(@Nullable Object name, Path disk) {
    try {
      Path file = disk.getFileSystem().getPath(file(name));
      return file.isAbsolute() && Files.isSameFile(file, disk);
    } catch (IOException | InvalidPathException _) {
      return false; // for example a network device
    }
  }

  /** QEMU reports a full description instead of a file name for an encrypted disk. */
  private static String file(@Nullable Object name) throws InvalidDocument {
    String text = name instanceof String given ? given : "";
    if (!text.startsWith(DESCRIPTION)) {
      return text;
    }
    byte[] json = text.substring(DESCRIPTION.length()).getBytes(StandardCharsets.UTF_8);
    return JsonObject.parse(json).get("file") instanceof Map<?, ?> file
            && file.get("filename") instanceof String path
        ? path
        : "";
  }

  static String driver(MachineDisk disk) {
    return disk.format().equals("vhd") ? "vpc" : disk.format();
  }

  String name() {
    return String.valueOf(facts.get("node-name"));
  }

  /** The command that starts a bitmap; the disk stores it if its format can. */
  JsonObject begin(String bitmap) {
    return new JsonObject()
        .put("node", name())
        .put("name", bitmap)
        .put("granularity", GRANULARITY)
        .put("persistent", keepsBitmaps());
  }

  /** Only qcow2 version 3 stores bitmaps. */
  private boolean keepsBitmaps() {
    return "qcow2".equals(facts.get("drv"))
        && facts.get("image") instanceof Map<?, ?> image
        && image.get("format-specific") instanceof Map<?, ?> format
        && format.get("data") instanceof Map<?, ?> data
        && !"0.10".equals(data.get("compat"));
  }

  /** The bitmaps that have recorded every write since they began, and the amount of the writes. */
  SortedMap<String, Size> wholeBitmaps() {
    SortedMap<String, Size> whole = new TreeMap<>();
    for (Map<?, ?> bitmap : QmpMachine.maps(facts.get("dirty-bitmaps"))) {
      boolean good =
          Boolean.TRUE.equals(bitmap.get("recording"))
              && !Boolean.TRUE.equals(bitmap.get("busy"))
              && !Boolean.TRUE.equals(bitmap.get("inconsistent"))
              && number(bitmap.get("granularity")) == GRANULARITY;
      if (good) {
        whole.put(
            String.valueOf(bitmap.get("name")), new Size(Math.max(0, number(bitmap.get("count")))));
      }
    }
    return whole;
  }

  /** Skips bitmaps that QEMU uses, and removes the others. */
  void removeBitmaps(Predicate<String> names) throws IOException {
    QmpException failure = null;
    for (Map<?, ?> bitmap : QmpMachine.maps(facts.get("dirty-bitmaps"))) {
      String name = String.valueOf(bitmap.get("name"));
      try {
        if (names.test(name)) {
          qemu.execute(
              "block-dirty-bitmap-remove", new JsonObject().put("node", name()).put("name", name));
        }
      } catch (QmpException e) {
        if (e.failure() != Failure.REFUSED) {
          throw e;
        }
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static long number(@Nullable Object value) {
    try {
      return Long.parseLong(String.valueOf(value));
    } catch (NumberFormatException _) {
      return -1;
    }
  }
}
