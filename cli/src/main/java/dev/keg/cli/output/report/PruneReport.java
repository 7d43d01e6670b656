package dev.keg.cli.output.report;

import dev.keg.cli.output.Result;
import dev.keg.lifecycle.Pruning;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.stream.Stream;

/** What {@code keg prune} removed or would remove, in the words of docker and podman. */
public final class PruneReport {
  private PruneReport() {}

  public static Result of(Pruning.Result result) {
    List<String> removed = result.removed().stream().map(VolumeName::text).toList();
    String list =
        removed.isEmpty() ? "" : "Deleted Volumes:\n" + String.join("\n", removed) + "\n\n";
    return Result.of(list + "Total reclaimed space: " + result.reclaimed().human())
        .with("Removed", removed)
        .with("Reclaimed", result.reclaimed().bytes());
  }

  /** The candidates, as podman shows them; docker shows nothing. */
  public static Result preview(List<Volume> candidates) {
    List<String> names = candidates.stream().map(volume -> volume.name().text()).toList();
    Stream<String> lines =
        Stream.concat(Stream.of("Volumes that would be pruned:"), names.stream());
    return Result.of(names.isEmpty() ? "" : String.join("\n", lines.toList()))
        .with("WouldRemove", names);
  }
}
