package dev.keg.backup.save;

import dev.keg.driver.Disks;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.Machines;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the disks of a running machine, all from the same moment. Each is deleted after it was
 * read, at the latest when this is closed.
 *
 * <p>Along with the copy of a disk, the machine starts a bitmap that records later writes to the
 * disk. The next backup in the same repositories copies only those, and takes the rest from this
 * one. The bitmap is named after the backup, and the previous bitmap is removed only once this
 * backup exists, so a failed backup loses nothing.
 */
public final class MachineCopies implements AutoCloseable {
  private final BackupContext context;
  private final Optional<RunningMachine> machine;
  private final SaveListener listener;
  private final Map<VolumeName, DiskPlan> plans = new LinkedHashMap<>();
  private final Map<VolumeName, OpenDisk> copies = new HashMap<>();
  private final Map<VolumeName, Size> copied = new HashMap<>();
  private final Set<VolumeName> saved = new HashSet<>();
  private final Set<VolumeName> distrusted = new HashSet<>();

  /** Without a machine, all volumes are saved as they are on this host. */
  public MachineCopies(
      BackupContext context, Optional<RunningMachine> machine, SaveListener listener) {
    this.context = context;
    this.machine = machine;
    this.listener = listener;
  }

  /** Copies the disks of the volumes, all of which belong to one machine. */
  void make(List<VolumeName> volumes, Destination destination, SaveRequest request) {
    if (machine.isPresent() && !volumes.isEmpty()) {
      make(machine.get(), volumes, destination, request);
    }
  }

  private void make(
      RunningMachine running,
      List<VolumeName> volumes,
      Destination destination,
      SaveRequest request) {
    for (VolumeName name : volumes) {
      if (context.views().snapshotOf(name).isPresent()) {
        throw new BackupFailed(
            name.text(), "no machine writes to a snapshot of it", "leave out --qmp");
      }
    }
    context.registry().openForWriting();
    List<Plug> plugs = new Machines(context.services()).plugs("backup", volumes);
    plugs.forEach(MachineCopies::refuseEncrypted);
    running.endCopies(plugs);
    CopyRoom room = new CopyRoom();
    List<DiskCopy> wanted = new ArrayList<>();
    for (Plug plug : plugs) {
      DiskPlan plan = DiskPlan.of(context, plug, running, destination, request);
      Path target = target(plan);
      room.require(plug.volume(), target.resolveSibling(""), plan.room());
      plans.put(plug.volume(), plan);
      Optional<String> since = plan.since().map(DiskPlan.Since::bitmap);
      wanted.add(new DiskCopy(plug, target, since, plan.next()));
    }
    copy(wanted, running);
  }

  private static void refuseEncrypted(Plug plug) {
    if (plug.disk().keyFile().isPresent()) {
      throw new BackupFailed(
          plug.volume().text(),
          "its disk is encrypted, and the running machine would copy it decrypted",
          "detach it, and leave out --qmp");
    }
  }

  private Path target(DiskPlan plan) {
    VolumeName name = plan.plug().volume();
    Volume volume = context.registry().get("backup", name);
    Disks driver = SaveSource.disks(context.driver("backup", volume), volume);
    VolumeHome home = context.home(volume);
    OpenDisk copy =
        plan.since().isPresent()
            ? driver.emptyChanges(volume, home)
            : driver.emptyCopy(volume, home);
    copies.put(name, copy);
    return copy.directory().resolve(copy.files().firstEntry().getValue());
  }

  private void copy(List<DiskCopy> wanted, RunningMachine running) {
    VolumeName first = wanted.getFirst().plug().volume();
    TreeListener progress =
        listener.begin(
            first, () -> new Size(plans.values().stream().mapToLong(plan -> expected(plan)).sum()));
    try {
      List<Size> sizes = running.copy(wanted, progress::advanced);
      for (int i = 0; i < sizes.size(); i++) {
        copied.put(wanted.get(i).plug().volume(), sizes.get(i));
      }
    } finally {
      listener.end(first);
    }
  }

  private long expected(DiskPlan plan) {
    return plan.since().isPresent()
        ? plan.room().bytes()
        : context.usage(context.registry().get("backup", plan.plug().volume())).bytes();
  }

  /** The copy of the volume's disk, which the reader closes. */
  Optional<OpenDisk> take(VolumeName name) {
    return Optional.ofNullable(copies.remove(name));
  }

  /** The writes in the copy, if it is not the whole disk. */
  Optional<DiskPlan.Since> since(VolumeName name) {
    return Optional.ofNullable(plans.get(name)).flatMap(DiskPlan::since);
  }

  /** The amount copied, according to the machine. */
  Size copied(VolumeName name) {
    return copied.getOrDefault(name, Size.ZERO);
  }

  /** Its backup now exists in all destinations. */
  void saved(VolumeName name) {
    saved.add(name);
  }

  /** The copy is useless, and so would be the next incremental one. */
  void distrust(VolumeName name) {
    distrusted.add(name);
  }

  @Override
  public void close() {
    // Only the backup was interrupted, not the cleanup.
    boolean interrupted = Thread.interrupted();
    try {
      copies.values().forEach(OpenDisk::close);
      copies.clear();
      machine.ifPresent(running -> plans.values().forEach(plan -> removeBitmaps(running, plan)));
      plans.clear();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void removeBitmaps(RunningMachine running, DiskPlan plan) {
    if (plan.next().isEmpty()) {
      return;
    }
    try {
      Map<String, Size> whole = running.bitmaps(plan.plug());
      running.removeBitmaps(
          plan.plug(), name -> isNeedless(name, plan) || isOfNoUse(name, whole.get(name)));
    } catch (MachineFailed e) {
      listener.warn(
          plan.plug().volume(),
          "an unneeded dirty bitmap may remain in the machine: %s".formatted(e.getMessage()));
    }
  }

  /**
   * Whether the bitmap has filled so much that no backup would use it, as when its repositories are
   * no longer used.
   */
  private static boolean isOfNoUse(String bitmap, @Nullable Size written) {
    return BitmapName.isOurs(bitmap) && (written == null || written.bytes() > DiskPlan.MOST);
  }

  private boolean isNeedless(String bitmap, DiskPlan plan) {
    boolean isNext = plan.next().filter(bitmap::equals).isPresent();
    if (saved.contains(plan.plug().volume())) {
      return !isNext && plan.names().filter(names -> names.isOfSeries(bitmap)).isPresent();
    }
    boolean isDistrusted =
        distrusted.contains(plan.plug().volume())
            && plan.since().filter(since -> bitmap.equals(since.bitmap())).isPresent();
    return isNext || isDistrusted;
  }
}
