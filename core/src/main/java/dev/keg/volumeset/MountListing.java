package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountEntry.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is mounted where and for whom, and which records of it cannot be read. */
public record MountListing(List<MountEntry> entries, List<VolumeException> problems) {
  public MountListing {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /** All mounts of this root: those of plans, then volumes that are visible without a target. */
  public static MountListing of(MountContext context) {
    return context.registry().openForReading()
        ? new Reader(context).read()
        : new MountListing(List.of(), List.of());
  }

  /** Reads plans and holders. */
  private static final class Reader {
    private final MountContext context;
    private final List<MountEntry> entries = new ArrayList<>();
    private final List<VolumeException> problems = new ArrayList<>();
    private final Set<String> listed = new HashSet<>();
    private final Set<Path> mounted;

    Reader(MountContext context) {
      this.context = context;
      this.mounted =
          context.system().mounts().stream()
              .map(mount -> mount.target())
              .collect(Collectors.toSet());
    }

    MountListing read() {
      for (MountPlan plan : new Plans(context.registry()).all(problems::add)) {
        for (Step step : plan.steps()) {
          add(plan, step);
        }
      }
      context.registry().names().forEach(this::addHolders);
      return new MountListing(entries, problems);
    }

    private void add(MountPlan plan, Step step) {
      String target = step.site().map(Path::toString).orElse(step.target());
      listed.add(target);
      entries.add(
          new MountEntry(
              PlanFile.from(step.source()),
              PlanFile.kind(step.source()),
              target,
              plan.owner().container(),
              step.readOnly(),
              step.since(),
              step.site().map(site -> state(plan.host(), plan.boot(), site)).orElse(State.STALE)));
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

    private MountEntry entry(VolumeName name, Attachment.Mount mount) {
      Path target = context.registry().layout().root().resolve(mount.target());
      return new MountEntry(
          name.text(),
          "volume",
          mount.target(),
          mount.container(),
          mount.readOnly(),
          mount.since(),
          state(mount.host(), mount.boot(), target));
    }

    private State state(String host, String boot, Path site) {
      if (!host.equals(context.system().hostId())) {
        return State.ELSEWHERE;
      }
      if (!boot.equals(context.system().bootId())) {
        return State.STALE;
      }
      if (mounted.contains(site) || context.isMounted(site)) {
        return State.MOUNTED;
      }
      return context.system().processWith(site).isPresent() ? State.ELSEWHERE : State.STALE;
    }
  }
}
