package dev.keg.driver;

import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A driver whose volumes are disks, which can be saved and restored whatever is on them. */
public interface Disks {
  /** Why this host cannot read the files on the disk; empty if it can. */
  Optional<String> whyNoFiles(Volume volume, VolumeHome home);

  /**
   * The files of the disk. The caller has made sure that nobody holds the volume; until the result
   * is closed, no program that respects locks opens the disk to write to it.
   */
  OpenDisk openDisk(Volume volume, VolumeHome home);

  /**
   * An empty disk with the same format and size, beside the volume's, for a copy of it; closing it
   * deletes it. Only one copy at a time.
   */
  OpenDisk emptyCopy(Volume volume, VolumeHome home);

  /**
   * The same for the writes to the disk: a qcow2 disk of the same size, whatever the volume's
   * format.
   */
  OpenDisk emptyChanges(Volume volume, VolumeHome home);

  /** The copy that a killed command left; empty while a running command has one. */
  Optional<Path> abandonedCopy(Volume volume, VolumeHome home);

  /** Deletes that copy, unless a running command uses it. */
  void removeAbandonedCopy(Volume volume, VolumeHome home);

  /** The largest size of such a copy: the space of the disk and of those that it is built on. */
  Size copyRoom(Volume volume, VolumeHome home);

  /**
   * Makes the disk in the stage, a directory in the home, the volume's disk; the stage is left
   * empty. A home without a disk gets its first one. The caller holds the volume's lock, and nobody
   * holds the volume. If it is killed, the volume has the old or the new disk. The caller syncs the
   * home.
   */
  void replaceDisk(Volume volume, VolumeHome home, Path stage);

  /**
   * A disk that does not change.
   *
   * @param directory the directory with its files, among others
   * @param files the files of the disk: their names in a backup, and in the directory
   * @param hold ends when the disk may change again
   */
  record OpenDisk(Path directory, SortedMap<String, String> files, Hold hold)
      implements AutoCloseable {
    public OpenDisk {
      files = new TreeMap<>(Map.copyOf(files));
    }

    @Override
    public void close() {
      hold.close();
    }
  }

  /** Keeps others from changing a disk. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }
}
