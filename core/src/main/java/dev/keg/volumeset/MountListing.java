package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.MountTable;
import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All mounts with their owners, and the records that cannot be read. */
public record MountListing(List<Entry> entries, List<VolumeException> problems) {
  public MountListing {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /** All mounts of this root: first those of plans, then volumes mounted without a target. */
  public static MountListing of(MountContext context) {
    return context.registry().openForReading()
        ? new Reader(context).read()
        : new MountListing(List.of(), List.of());
  }

  /** The mounts of this container, or all if none is named. */
  public List<Entry> of(Optional<String> container) {
    return entries.stream()
        .filter(entry -> container.map(entry.container()::equals).orElse(true))
        .toList();
  }

  /**
   * A line of the list.
   *
   * @param source the volume's name, the directory of the host, or {@code tmpfs}
   * @param kind volume, bind or tmpfs
   * @param container the container; empty if it was mounted by hand
   */
  public record Entry(
      String source,
      String kind,
      String target,
      String container,
      boolean readOnly,
      Instant since,
      State state) {

    /** Whether the mount exists. */
    public enum State {
      MOUNTED,
      /** It ended with a reboot, or somebody else unmounted it. */
      STALE,
      /**
       * It is on another machine that shares the root, where it cannot be checked, or in another
       * mount namespace of this machine.
       */
      ELSEWHERE
    }
  }

  /** Reads plans and holders. */
  private static final class Reader {
    private final MountContext context;
    private final List<Entry> entries = new ArrayList<>();
    private final List<VolumeException> problems = new ArrayList<>();
    private final Set<String> listed = new HashSet<>();
    private final Map<Path, List<String>> mounted;
    private final MountPlaces places;

    Reader(MountContext context) {
      this.context = context;
      MountTable table = context.system().now();
      this.places = new MountPlaces(context, table);
      this.mounted =
          table.mounts().stream()
              .collect(
                  Collectors.toMap(MountPoint::target, MountPoint::options, (_, last) -> last));
    }

    MountListing read() {
      for (MountPlan plan : new Plans(context.registry()).all(problems::add)) {
        for (PlannedMount step : plan.steps()) {
          add(plan, step);
        }
      }
      context.registry().names().forEach(this::addHolders);
      return new MountListing(entries, problems);
    }

    private void add(MountPlan plan, PlannedMount step) {
      Optional<Path> place = isOfNow(plan.host(), plan.boot()) ? places.of(step) : step.site();
      String target = place.or(step::site).map(Path::toString).orElse(step.target());
      step.site().map(Path::toString).ifPresent(listed::add);
      listed.add(target);
      entries.add(
          new Entry(
              PlanFile.from(step.source()),
              PlanFile.kind(step.source()),
              target,
              plan.owner().container(),
              step.readOnly() || place.filter(this::showsReadOnly).isPresent(),
              step.since(),
              step.site()
                  .map(site -> state(plan.host(), plan.boot(), place, site))
                  .orElse(Entry.State.STALE)));
    }

    private boolean isOfNow(String host, String boot) {
      return host.equals(context.system().hostId()) && boot.equals(context.system().bootId());
    }

    private void addHolders(VolumeName name) {
      try {
        for (Attachment holder : context.attachments().recorded(name)) {
          if (holder instanceof Attachment.Mount mount && listed.add(mount.target())) {
            entries.add(entry(name, mount));
          }
        }
      } catch (VolumeException e) {
        problems.add(e);
      }
    }

    private Entry entry(VolumeName name, Attachment.Mount mount) {
      Path target = context.registry().layout().root().resolve(mount.target());
      return new Entry(
          name.text(),
          "volume",
          mount.target(),
          mount.container(),
          mount.readOnly() || (isOfNow(mount.host(), mount.boot()) && showsReadOnly(target)),
          mount.since(),
          state(mount.host(), mount.boot(), Optional.of(target), target));
    }

    // The driver may have mounted the volume read-only, whatever was requested here.
    private boolean showsReadOnly(Path place) {
      return mounted.getOrDefault(place, List.of()).contains("ro");
    }

    private Entry.State state(String host, String boot, Optional<Path> place, Path site) {
      if (!host.equals(context.system().hostId())) {
        return Entry.State.ELSEWHERE;
      }
      if (!boot.equals(context.system().bootId())) {
        return Entry.State.STALE;
      }
      if (place.filter(path -> mounted.containsKey(path) || context.isMounted(path)).isPresent()) {
        return Entry.State.MOUNTED;
      }
      return context.system().processWith(site).isPresent()
          ? Entry.State.ELSEWHERE
          : Entry.State.STALE;
    }
  }
}
