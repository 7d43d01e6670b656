package dev.keg.registry;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The small files beside volumes: their holders, the mounts of containers, the disks of machines.
 */
public final class RegistryFiles {
  private final RegistryLayout layout;
  private final Drafts drafts;
  private final DirectorySync sync;

  RegistryFiles(RegistryLayout layout, Drafts drafts, DirectorySync sync) {
    this.layout = layout;
    this.drafts = drafts;
    this.sync = sync;
  }

  /** Atomically writes a small file that belongs to a volume, such as an attachment. */
  public void write(VolumeName name, Path directory, String fileName, byte[] content) {
    FileFailures.run(
        "update " + name,
        directory,
        () -> {
          if (!Files.isDirectory(directory)) {
            Root.makeDirectory(directory);
            sync.sync(Objects.requireNonNull(directory.getParent()));
          }
          AtomicFile.replace(directory.resolve(fileName), drafts.draft(name), content, sync);
        });
  }

  /**
   * The same for files that a reboot invalidates: readers see them complete, but they are not
   * synced.
   */
  public void note(VolumeName name, Path directory, String fileName, byte[] content) {
    FileFailures.run(
        "update " + name,
        directory,
        () -> {
          Root.makeDirectory(directory);
          AtomicFile.replaceUnsynced(directory.resolve(fileName), drafts.draft(name), content);
        });
  }

  /** Likewise for the mounts of a container; the caller holds the container's lock. */
  public void noteContainer(String container, Path file, byte[] content) {
    Path draft = drafts.draft(RegistryLock.containerStripe(container));
    FileFailures.run(
        "update container " + container,
        file,
        () -> AtomicFile.replaceUnsynced(file, draft, content));
  }

  /** Writes a file that belongs to no volume; the caller holds the lock of that name. */
  public void writeForRoot(String lock, Path file, byte[] content) {
    Path draft = drafts.draft(RegistryLock.containerStripe(lock));
    FileFailures.run(
        "update " + file.getFileName(), file, () -> AtomicFile.replace(file, draft, content, sync));
  }

  /**
   * Writes a copy that may be deleted at any time, without waiting for the disk; the caller holds
   * the lock of that name.
   */
  public void writeCopy(String lock, Path directory, String fileName, byte[] content) {
    Path draft = drafts.draft(RegistryLock.containerStripe(lock));
    FileFailures.run(
        "keep a copy",
        directory,
        () -> {
          Root.makeDirectory(directory);
          AtomicFile.replaceUnsynced(directory.resolve(fileName), draft, content);
        });
  }

  /** Writes the disks of a machine, which survive reboots; the caller holds the machine's lock. */
  public void writeMachine(String machine, Path file, byte[] content) {
    Path draft = drafts.draft(RegistryLock.containerStripe(machine));
    FileFailures.run(
        "update machine " + machine,
        file,
        () -> {
          Root.makeDirectory(layout.machines());
          AtomicFile.replace(file, draft, content, sync);
        });
  }

  /** Deletes a machine's file; a missing one is not an error. */
  public void forgetMachine(String machine, Path file) {
    FileFailures.run("forget machine " + machine, file, () -> Files.deleteIfExists(file));
  }

  /** Deletes what {@link #write} wrote; a missing file is not an error. */
  public void erase(VolumeName name, Path directory, String fileName) {
    erase(name, directory, fileName, sync);
  }

  /** Deletes what {@link #note} wrote; a missing file is not an error. */
  public void eraseNote(VolumeName name, Path directory, String fileName) {
    erase(name, directory, fileName, DirectorySync.NONE);
  }

  private static void erase(VolumeName name, Path directory, String fileName, DirectorySync sync) {
    FileFailures.run(
        "update " + name,
        directory,
        () -> {
          if (Files.deleteIfExists(directory.resolve(fileName))) {
            sync.sync(directory);
          }
        });
  }
}
