package dev.keg.cli.output;

import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.driver.Storage;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Overview;
import dev.keg.lifecycle.PluginVolumes;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of a list of volumes. */
public final class VolumeRows {
  private final Volumes volumes;
  private final boolean measured;
  private final List<RuntimeException> problems = new ArrayList<>();
  private final List<Overview> overviews = new ArrayList<>();

  public VolumeRows(Volumes volumes, boolean measured) {
    this.volumes = volumes;
    this.measured = measured;
  }

  /** The volumes of the registry and, if requested, those that only plugins have. */
  public List<VolumeRow> of(
      VolumeFilter filter, Optional<PluginVolumes> plugins, VolumeOrder order) {
    Listing listing = volumes.list(filter);
    problems.addAll(listing.problems());
    List<VolumeRow> rows = new ArrayList<>(listing.volumes().stream().map(this::row).toList());
    if (plugins.isPresent()) {
      PluginVolumes.Found found = plugins.get().find(filter);
      found.volumes().forEach(overview -> rows.add(pluginRow(overview)));
      problems.addAll(found.problems());
    }
    rows.sort(order.comparator());
    return rows;
  }

  /** Why some volumes, or their sizes, are unknown. */
  public List<RuntimeException> problems() {
    return problems;
  }

  /** The missing parts of the registry's volumes; empty if nothing is missing. */
  public List<String> missing() {
    return overviews.stream()
        // A directory of the volume's own is beside its description, which was just read.
        .filter(overview -> !overview.volume().driver().equals(Volume.DEFAULT_DRIVER))
        .flatMap(overview -> missing(overview).stream())
        .toList();
  }

  private static Optional<String> missing(Overview overview) {
    String name = overview.volume().name().text();
    try {
      return Optional.of(overview.storage())
          .filter(Storage::missing)
          .map(gone -> "%s: %s is missing".formatted(name, gone.path()));
    } catch (VolumeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private VolumeRow row(Volume volume) {
    Overview overview = volumes.overview(volume);
    overviews.add(overview);
    Usage usage = measured ? usage(volume) : null;
    return new VolumeRow(
        volume,
        overview::scope,
        () -> volumes.mountpoint(volume).toString(),
        usage,
        () -> status(overview.status()),
        () -> new VolumeDocument(overview, volumes.mountpoint(volume).toString(), usage));
  }

  private static VolumeRow pluginRow(Overview overview) {
    String mountpoint = overview.path().toString();
    return new VolumeRow(
        overview.volume(),
        () -> "N/A",
        () -> mountpoint,
        null,
        () -> "N/A",
        () -> new VolumeDocument(overview, mountpoint, null));
  }

  // Docker has no status for such volumes; its scripts see one only if there is something to show.
  private static String status(VolumeStatus status) {
    return status == VolumeStatus.AVAILABLE ? "N/A" : status.text();
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
