package dev.keg.backup.save;

import dev.keg.driver.Disks;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.Machines;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies of the disks of a running machine, all of one moment. Each is deleted when it has been
 * read, at the latest when this is closed.
 */
public final class MachineCopies implements AutoCloseable {
  private final Map<VolumeName, OpenDisk> copies = new HashMap<>();

  private MachineCopies() {}

  /** For volumes that are saved as they are here. */
  public static MachineCopies none() {
    return new MachineCopies();
  }

  /** Copies the disks of the volumes, which one machine has. */
  public static MachineCopies make(
      BackupContext context,
      List<VolumeName> volumes,
      RunningMachine machine,
      SaveListener listener) {
    for (VolumeName name : volumes) {
      if (context.views().showsSnapshotOf(name)) {
        throw new BackupFailed(
            name.text(), "no machine writes to a snapshot of it", "leave out --qmp");
      }
    }
    context.registry().openForWriting();
    List<Plug> plugs = new Machines(context.services()).plugs("backup", volumes);
    machine.endCopies(plugs);
    MachineCopies made = new MachineCopies();
    CopyRoom room = new CopyRoom();
    try {
      List<DiskCopy> wanted = new ArrayList<>();
      for (Plug plug : plugs) {
        Path target = made.target(context, plug.volume());
        room.require(plug.volume(), target.resolveSibling(""), needed(context, plug.volume()));
        wanted.add(new DiskCopy(plug, target));
      }
      made.copy(context, wanted, machine, listener);
      return made;
    } catch (RuntimeException e) {
      made.closeAfter(e);
      throw e;
    }
  }

  private static Size needed(BackupContext context, VolumeName name) {
    Volume volume = context.registry().get("backup", name);
    return driver(context, volume).copyRoom(volume, context.home(volume));
  }

  private static Disks driver(BackupContext context, Volume volume) {
    return SaveSource.disks(context.driver("backup", volume), volume);
  }

  private Path target(BackupContext context, VolumeName name) {
    Volume volume = context.registry().get("backup", name);
    Disks driver = driver(context, volume);
    OpenDisk copy = driver.emptyCopy(volume, context.home(volume));
    copies.put(name, copy);
    return copy.directory().resolve(copy.files().firstEntry().getValue());
  }

  private void copy(
      BackupContext context, List<DiskCopy> wanted, RunningMachine machine, SaveListener listener) {
    VolumeName first = wanted.getFirst().plug().volume();
    TreeListener heard =
        listener.begin(
            first,
            () ->
                new Size(
                    wanted.stream()
                        .map(copy -> context.registry().get("backup", copy.plug().volume()))
                        .mapToLong(volume -> context.usage(volume).bytes())
                        .sum()));
    try {
      machine.copy(wanted, heard::advanced);
    } finally {
      listener.end(first);
    }
  }

  /** The copy of the volume's disk, which its reader closes. */
  Optional<OpenDisk> take(VolumeName name) {
    return Optional.ofNullable(copies.remove(name));
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    // The backup was interrupted, not what clears up after it.
    boolean interrupted = Thread.interrupted();
    copies.values().forEach(OpenDisk::close);
    copies.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
