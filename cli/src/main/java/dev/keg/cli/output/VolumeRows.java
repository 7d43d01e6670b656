package dev.keg.cli.output;

import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Overview;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a list of volumes. */
public final class VolumeRows {
  private final Volumes volumes;
  private final boolean measured;
  private final List<RuntimeException> problems = new ArrayList<>();

  public VolumeRows(Volumes volumes, boolean measured) {
    this.volumes = volumes;
    this.measured = measured;
  }

  public List<VolumeRow> of(List<Volume> listed, VolumeOrder order) {
    return listed.stream().map(this::row).sorted(order.comparator()).toList();
  }

  /** Why the sizes of some volumes are not known. */
  public List<RuntimeException> problems() {
    return problems;
  }

  private VolumeRow row(Volume volume) {
    Overview overview = volumes.overview(volume);
    Usage usage = measured ? usage(volume) : null;
    return new VolumeRow(
        volume,
        "local",
        () -> volumes.mountpoint(volume).toString(),
        usage,
        () -> status(overview.status()),
        () -> new VolumeDocument(overview, volumes.mountpoint(volume).toString(), usage));
  }

  // Docker knows no status of such volumes; its scripts see one only where there is something to
  // see.
  private static String status(VolumeStatus status) {
    return status == VolumeStatus.AVAILABLE ? "N/A" : status.word();
  }

  private @Nullable Usage usage(Volume volume) {
    try {
      return new Usage(volumes.holders(volume.name()).size(), volumes.usage(volume));
    } catch (VolumeException e) {
      problems.add(e);
      return null;
    }
  }
}
