package dev.keg.backup.save;

import dev.keg.backup.save.Destination.Plan;
import dev.keg.disk.Disk;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.Disks;
import dev.keg.file.FileFailures;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.tree.ByteString;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How to copy the disk of a running machine: as a whole, or only the writes since the last backup
 * if the machine recorded them.
 *
 * @param names the names of its bitmaps; empty if no backup can build on this one
 * @param next the bitmap that begins with the copy
 * @param since the writes to copy; empty for the whole disk
 * @param room the most space that the copy takes
 */
record DiskPlan(
    Plug plug,
    Optional<BitmapName> names,
    Optional<String> next,
    Optional<Since> since,
    Size room) {
  /** The formats of images that can be updated. */
  private static final Set<String> UPDATED = Set.of(DiskFormat.RAW.word(), DiskFormat.QCOW2.word());

  /** The space for the tables of a small copy. */
  private static final long TABLES = 1 << 20;

  /**
   * The limit for the amount of writes: each cluster takes memory while it is saved, here 200 MB in
   * all.
   */
  static final long MOST = 64L << 30;

  /**
   * The writes to a disk since the last backup.
   *
   * @param bitmap the bitmap that recorded them
   * @param written their amount, possibly more by now
   * @param base the hash of that backup's archive
   * @param format the format of the disk's image in it
   * @param size the size of the disk
   */
  record Since(String bitmap, Size written, ByteString base, DiskFormat format, Size size) {
    /** The space of the copy: one table of a cluster covers 512 MiB. */
    private Size room() {
      return new Size(written.bytes() + size.bytes() / (512 << 20) * (64 << 10) + TABLES);
    }
  }

  static DiskPlan of(
      BackupContext context,
      Plug plug,
      RunningMachine machine,
      Destination destination,
      SaveRequest request) {
    Volume volume = context.registry().get("backup", plug.volume());
    Disks driver = SaveSource.disks(context.driver("backup", volume), volume);
    Size room = driver.copyRoom(volume, context.home(volume));
    String host = context.services().host().id();
    Optional<Plan> planned =
        plug.readOnly() || host.isEmpty() || !UPDATED.contains(plug.disk().format())
            ? Optional.empty()
            : destination.plan(volume, request);
    if (planned.isEmpty()) {
      return new DiskPlan(plug, Optional.empty(), Optional.empty(), Optional.empty(), room);
    }
    try (Plan plan = planned.get()) {
      BitmapName names = BitmapName.of(plan.repositories(), host, volume.details().id().text());
      Optional<Since> since =
          plan.base().flatMap(base -> since(plug, plan, names.since(base), machine));
      return new DiskPlan(
          plug,
          Optional.of(names),
          Optional.of(names.since(plan.id())),
          since,
          since.map(Since::room).orElse(room));
    }
  }

  private static Optional<Since> since(
      Plug plug, Plan plan, String bitmap, RunningMachine machine) {
    Size written = machine.bitmaps(plug).get(bitmap);
    if (written == null || written.bytes() > MOST) {
      return Optional.empty();
    }
    DiskFormat format = DiskFormat.ofWord(plug.disk().format()).orElseThrow();
    Path file = plug.disk().file();
    Size size = FileFailures.translate("read", file, () -> Disk.of(file, format)).size();
    return plan.archive()
        .flatMap(EarlierDisk::find)
        .filter(earlier -> earlier.takesChanges(format, size))
        .map(
            earlier -> new Since(bitmap, written, earlier.backup().archive().hash(), format, size));
  }
}
