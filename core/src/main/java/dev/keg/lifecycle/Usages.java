package dev.keg.lifecycle;

import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Usage.Content;
import dev.keg.registry.Parallel;
import dev.keg.usage.SeenTrees;
import dev.keg.usage.TreeMeter;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeScans;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Measures volumes in parallel. Earlier results count only if nothing was written to the file
 * system since, because a growing file leaves no trace in its directory.
 */
public final class Usages {
  private final Services services;
  private final Volumes volumes;
  private final Supplier<TreeScans> scans;
  private final Optional<SeenTrees> memory;

  /**
   * @param memory empty if results are not stored
   */
  public Usages(
      Services services, Volumes volumes, Supplier<TreeScans> scans, Optional<SeenTrees> memory) {
    this.services = services;
    this.volumes = volumes;
    this.scans = scans;
    this.memory = memory;
  }

  /** How full the root and its pools are. */
  public List<PoolState> pools() {
    return PoolState.all(services.registry(), scans.get());
  }

  /** The usage of each volume in the requested order, and why some figures are unknown. */
  public record Result(List<Usage> usages, List<VolumeException> problems) {
    public Result {
      usages = List.copyOf(usages);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Measures these volumes, or all if none is named. No thread is left when it returns.
   *
   * @param fresh whether to examine every file in any case
   * @param listener receives the progress, from any thread
   */
  public Result measure(Collection<String> names, boolean fresh, TreeScan.Listener listener) {
    Listing listing = names.isEmpty() ? all() : named(names);
    List<Usage> usages = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>(listing.problems());
    SeenVolumes seen = new SeenVolumes(memory, names.isEmpty(), fresh, services.clock().instant());
    try (TreeMeter meter = new TreeMeter(scans.get(), listener)) {
      boolean pooled = services.registry().layout().places().arePooled();
      List<Started> started =
          Parallel.stream(listing.volumes())
              .map(volumes::overview)
              .map(volume -> start(pooled ? volume : volume.inNoPool(), meter, seen))
              .toList();
      for (Started volume : started) {
        Optional<Content> content = tell(problems, () -> await(meter, volume.content()));
        usages.add(volume.known().with(content.orElse(Content.UNKNOWN)));
        problems.addAll(volume.problems());
      }
    }
    seen.keep(services.registry()::warn);
    return new Result(usages, problems);
  }

  private Listing all() {
    return volumes.list(VolumeFilter.forList(FilterArguments.NONE, volumes.filterContext()));
  }

  private Listing named(Collection<String> texts) {
    SortedMap<VolumeName, Volume> found = new TreeMap<>();
    List<VolumeException> problems = new ArrayList<>();
    for (String text : texts) {
      try {
        VolumeName name =
            volumes.nameOf(text).orElseThrow(() -> NotFound.ofVolume("measure", text));
        found.putIfAbsent(name, services.registry().get("measure", name));
      } catch (VolumeException e) {
        problems.add(e);
      }
    }
    return new Listing(List.copyOf(found.values()), problems);
  }

  /**
   * A volume that is being measured.
   *
   * @param known everything but its content
   */
  private record Started(Usage known, Future<Content> content, List<VolumeException> problems) {}

  private Started start(Overview overview, TreeMeter meter, SeenVolumes seen) {
    Future<Content> content = begin(overview, meter, seen);
    List<VolumeException> problems = new ArrayList<>();
    Optional<Storage> storage = tell(problems, overview::storage);
    Optional<Instant> lastUsed = tell(problems, overview::lastUsed).flatMap(time -> time);
    Usage known =
        new Usage(
            overview.volume(),
            tell(problems, overview::pool).orElse(""),
            storage.map(Storage::type).orElse(""),
            storage.flatMap(Storage::capacity),
            tell(problems, () -> overview.holders().size()),
            tell(problems, overview::snapshots).orElse(List.of()).size(),
            lastUsed,
            Content.UNKNOWN);
    return new Started(known, content, problems);
  }

  private Future<Content> begin(Overview overview, TreeMeter meter, SeenVolumes seen) {
    try {
      return content(overview, meter, seen);
    } catch (VolumeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Future<Content> content(Overview overview, TreeMeter meter, SeenVolumes seen) {
    Volume volume = overview.volume();
    VolumeName name = volume.name();
    if (!services.registry().catalog().isHere(volume)) {
      return CompletableFuture.completedFuture(Content.UNKNOWN);
    }
    VolumeHome home = overview.home();
    if (overview.isArchived()) {
      return CompletableFuture.completedFuture(Content.UNKNOWN);
    }
    VolumeDriver driver = services.driver("measure", volume);
    return switch (driver.footprint(volume, home)) {
      case Footprint.Image(Size allocated) ->
          CompletableFuture.completedFuture(Content.ofImage(allocated, services.clock().instant()));
      case Footprint.Tree(Path tree) when isHidden(volume, tree, driver, home) ->
          CompletableFuture.completedFuture(Content.UNKNOWN);
      case Footprint.Tree(Path tree) ->
          meter.start(tree, seen.before(name)).thenApply(measured -> seen.content(name, measured));
    };
  }

  // If a mount would cover it, an empty directory of the host says nothing.
  private boolean isHidden(Volume volume, Path tree, VolumeDriver driver, VolumeHome home) {
    return !driver.alwaysVisible(volume)
        && tree.equals(driver.mountpoint(volume, home))
        && !volumes.isMounted(volume.name(), tree);
  }

  private interface Question<T> {
    T ask();
  }

  private static <T> Optional<T> tell(List<VolumeException> problems, Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (VolumeException e) {
      problems.add(e);
      return Optional.empty();
    }
  }

  private static Content await(TreeMeter meter, Future<Content> content) {
    try {
      return meter.await(content);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
