package dev.keg.machine.qmp;

import dev.keg.error.HolderException.MachineFailed;
import dev.keg.json.JsonObject;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.machine.qmp.QmpException.Failure;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A QEMU machine. A disk is a block node named after the drive's id, and a virtio-blk device called
 * {@code ID-device}, the names that `keg render qemu` also uses.
 */
public final class QmpMachine implements RunningMachine {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * QEMU does not answer while it derives the key of an encrypted disk, which takes long on a busy
   * host.
   */
  private static final Duration DECRYPTING = Duration.ofSeconds(60);

  /** The guest must release the disk first. */
  private static final Duration LETTING_GO = Duration.ofSeconds(30);

  private final Path socket;
  private final Optional<GuestAgent> guest;
  private final Duration patience;
  private final Duration lettingGo;

  /** Whether QEMU was asked to take a disk; before that, it cannot have one from this command. */
  private boolean asked;

  public QmpMachine(Path socket) {
    this(socket, Optional.empty());
  }

  /**
   * @param guest is frozen at the moment when the disks are copied
   */
  public QmpMachine(Path socket, Optional<GuestAgent> guest) {
    this(socket, guest, PATIENCE, LETTING_GO);
  }

  QmpMachine(Path socket, Duration patience, Duration lettingGo) {
    this(socket, Optional.empty(), patience, lettingGo);
  }

  QmpMachine(Path socket, Optional<GuestAgent> guest, Duration patience, Duration lettingGo) {
    this.socket = socket;
    this.guest = guest;
    this.patience = patience;
    this.lettingGo = lettingGo;
  }

  @FunctionalInterface
  private interface Task {
    void run(QmpConnection qemu) throws IOException;
  }

  private void talk(QmpPurpose purpose, Plug plug, Task task) {
    talk(purpose, plug, patience, task);
  }

  private void talk(QmpPurpose purpose, Plug plug, Duration enough, Task task) {
    try (QmpConnection qemu = QmpConnection.open(socket, enough)) {
      task.run(qemu);
    } catch (IOException e) {
      throw new MachineFailed(
          purpose.operation(),
          plug.volume().text(),
          socket + ": " + e.getMessage(),
          purpose.hint(e),
          e);
    }
  }

  @Override
  public void plug(Plug plug) {
    Duration enough = plug.disk().keyFile().isPresent() ? DECRYPTING : patience;
    talk(QmpPurpose.ATTACH, plug, enough, qemu -> plug(qemu, plug));
  }

  private void plug(QmpConnection qemu, Plug plug) throws IOException {
    if (devices(qemu).contains(device(plug))) {
      DiskNode.requireAt(qemu, device(plug), plug);
      return;
    }
    Optional<DiskNode> left = DiskNode.named(qemu, plug.drive());
    boolean isOurs = left.filter(node -> node.isOf(plug)).isPresent();
    if (left.isPresent() && !isOurs) {
      removeNode(qemu, plug);
    }
    asked = true;
    try {
      if (!isOurs) {
        new DiskSecret(qemu, plug).add();
        qemu.execute("blockdev-add", block(plug));
      }
      addDevice(qemu, plug);
    } catch (QmpException e) {
      if (e.failure() == Failure.REFUSED) {
        removeAfter(e, qemu, plug);
      }
      throw e;
    }
  }

  private static JsonObject block(Plug plug) {
    String format = plug.disk().format();
    String file = plug.disk().file().toString();
    JsonObject block =
        new JsonObject()
            .put("driver", format.equals("vhd") ? "vpc" : format)
            .put("node-name", plug.drive().text())
            .put("read-only", plug.readOnly())
            .put("discard", "unmap")
            .put("file", new JsonObject().put("driver", "file").put("filename", file));
    return DiskSecret.decrypting(block, plug);
  }

  // Machines such as q35 do not support hot-plugging on the first bus, but on root ports.
  private static void addDevice(QmpConnection qemu, Plug plug) throws IOException {
    JsonObject device =
        new JsonObject()
            .put("driver", "virtio-blk-pci")
            .put("id", device(plug))
            .put("drive", plug.drive().text())
            .put("serial", plug.serial());
    try {
      qemu.execute("device_add", device);
      return;
    } catch (QmpException e) {
      if (!e.says("does not support hotplugging")) {
        throw e;
      }
    }
    List<String> ports = freePorts(qemu);
    if (ports.isEmpty()) {
      throw new QmpException(
          Failure.REFUSED,
          "the machine has no free port for another device; start it with more of -device"
              + " pcie-root-port");
    }
    qemu.execute("device_add", device.put("bus", ports.getFirst()));
  }

  /** The ports without a device. */
  private static List<String> freePorts(QmpConnection qemu) throws IOException {
    List<String> free = new ArrayList<>();
    for (Map<?, ?> bus : maps(qemu.execute("query-pci", new JsonObject()))) {
      for (Map<?, ?> device : maps(bus.get("devices"))) {
        if (device.get("pci_bridge") instanceof Map<?, ?> bridge
            && maps(bridge.get("devices")).isEmpty()
            && device.get("qdev_id") instanceof String id
            && !id.isEmpty()) {
          free.add(id);
        }
      }
    }
    return free;
  }

  @Override
  public void unplug(Plug plug) {
    talk(QmpPurpose.DETACH, plug, qemu -> unplug(qemu, plug));
  }

  private void unplug(QmpConnection qemu, Plug plug) throws IOException {
    // QEMU serves one client at a time, so any job is from a killed backup and would keep the disk
    // busy.
    new BackupJobs(qemu, List.of(plug)).end();
    String device = device(plug);
    if (devices(qemu).contains(device)) {
      DiskNode.requireGoing(qemu, device, plug);
      delete(qemu, device);
    }
    // A node that somebody else gave the drive's id must not be removed.
    if (DiskNode.named(qemu, plug.drive()).filter(node -> !node.isOf(plug.disk())).isEmpty()) {
      removeNode(qemu, plug);
    }
  }

  // QEMU refuses a second request while the first is pending; the event arrives nevertheless.
  private void delete(QmpConnection qemu, String device) throws IOException {
    try {
      qemu.execute("device_del", new JsonObject().put("id", device));
    } catch (QmpException e) {
      if (!e.says("already in the process of unplug")) {
        throw e;
      }
    }
    try {
      // Parts of the device also send such events, but without its id.
      qemu.await("DEVICE_DELETED", data -> device.equals(data.get("device")), lettingGo);
    } catch (QmpException e) {
      if (e.failure() == Failure.SILENT && devices(qemu).contains(device)) {
        throw new QmpException(
            Failure.REFUSED,
            "the machine did not release the disk within %d s; it may be mounted there"
                .formatted(lettingGo.toSeconds()));
      }
      throw e;
    }
  }

  // A drive from the command line disappears with its device.
  private static void removeNode(QmpConnection qemu, Plug plug) throws IOException {
    String node = plug.drive().text();
    if (nodes(qemu).contains(node)) {
      qemu.execute("blockdev-del", new JsonObject().put("node-name", node));
    }
    new DiskSecret(qemu, plug).remove();
  }

  private static void removeAfter(QmpException failure, QmpConnection qemu, Plug plug)
      throws IOException {
    try {
      removeNode(qemu, plug);
    } catch (QmpException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public List<Size> copy(List<DiskCopy> copies, LongConsumer copied) {
    List<Plug> disks = copies.stream().map(DiskCopy::plug).toList();
    List<Size> sizes = new ArrayList<>();
    try {
      talk(
          QmpPurpose.BACKUP,
          disks.getFirst(),
          qemu -> sizes.addAll(new BackupJobs(qemu, disks).run(copies, guest, copied)));
    } catch (RuntimeException e) {
      // Only copying was interrupted, not the cleanup.
      boolean interrupted = Thread.interrupted();
      endAfter(e, disks);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
    endCopies(disks);
    return sizes;
  }

  @Override
  public Map<String, Size> bitmaps(Plug disk) {
    Map<String, Size> bitmaps = new TreeMap<>();
    talk(QmpPurpose.BACKUP, disk, qemu -> bitmaps.putAll(DiskNode.find(qemu, disk).wholeBitmaps()));
    return bitmaps;
  }

  @Override
  public void removeBitmaps(Plug disk, Predicate<String> names) {
    talk(QmpPurpose.BACKUP, disk, qemu -> DiskNode.find(qemu, disk).removeBitmaps(names));
  }

  @Override
  public void endCopies(List<Plug> disks) {
    talk(QmpPurpose.BACKUP, disks.getFirst(), qemu -> new BackupJobs(qemu, disks).end());
  }

  private void endAfter(RuntimeException failure, List<Plug> disks) {
    try {
      endCopies(disks);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public boolean lacks(Plug plug) {
    if (!asked) {
      return true;
    }
    try (QmpConnection qemu = QmpConnection.open(socket, patience)) {
      if (devices(qemu).contains(device(plug))) {
        return false;
      }
      removeNode(qemu, plug);
      return true;
    } catch (QmpException e) {
      return e.failure() == Failure.GONE;
    } catch (IOException _) {
      return false;
    }
  }

  private static String device(Plug plug) {
    return plug.drive() + "-device";
  }

  private static List<String> devices(QmpConnection qemu) throws IOException {
    return names(
        qemu.execute("qom-list", new JsonObject().put("path", "/machine/peripheral")), "name");
  }

  private static List<String> nodes(QmpConnection qemu) throws IOException {
    return names(
        qemu.execute("query-named-block-nodes", new JsonObject().put("flat", true)), "node-name");
  }

  static List<String> names(Object answer, String key) {
    return maps(answer).stream().map(map -> map.get(key)).map(Objects::toString).toList();
  }

  static List<Map<?, ?>> maps(@Nullable Object answer) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (answer instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }
}
