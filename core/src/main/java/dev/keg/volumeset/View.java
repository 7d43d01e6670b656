package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.lifecycle.ShownSnapshot;
import dev.keg.volume.Volume;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A volume's data, visible while a command works on it. If the driver must mount it, the command is
 * a holder until it closes this.
 */
public final class View implements AutoCloseable {
  private final Views views;
  private final Volume volume;
  private final Path data;
  private final Attachment.@Nullable Mount hold;
  private final boolean shared;
  private final @Nullable ShownSnapshot snapshot;

  /** The data of a snapshot, and what to close when nobody uses it any more. */
  View(Views views, Volume volume, Path data, ShownSnapshot snapshot) {
    this.views = views;
    this.volume = volume;
    this.data = data;
    this.hold = null;
    this.shared = true;
    this.snapshot = snapshot;
  }

  /**
   * @param hold the use of a mount; null for data that is always visible
   * @param shared whether other commands may use it at the same time
   */
  View(Views views, Volume volume, Path data, Attachment.@Nullable Mount hold, boolean shared) {
    this.views = views;
    this.volume = volume;
    this.data = data;
    this.hold = hold;
    this.shared = shared;
    this.snapshot = null;
  }

  public Volume volume() {
    return volume;
  }

  public Path data() {
    return data;
  }

  /** Whether it is a snapshot, which nobody can change. */
  public boolean isSnapshot() {
    return snapshot != null;
  }

  /** Whether the data is a file system of its own, not a directory in the volume's home. */
  public boolean isMounted() {
    return hold != null;
  }

  /**
   * Runs a step that nobody may see half done: under the volume's lock, while nobody else holds the
   * volume.
   */
  public void alone(String operation, Runnable work) {
    views.alone(operation, volume, hold, work);
  }

  @Override
  public void close() {
    if (snapshot != null) {
      snapshot.close();
    } else if (hold != null && shared) {
      views.leave(volume, hold);
    } else if (hold != null) {
      views.release(volume.name(), hold);
    }
  }
}
