package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;

/** Clears away what killed commands and reboots leave of mounts. */
public final class Leftovers {
  private final VolumeSets sets;
  private final Attachments attachments;
  private final Holds holds;
  private final Path root;

  public Leftovers(MountContext context, VolumeSets sets) {
    this.sets = sets;
    this.attachments = context.attachments();
    this.holds = new Holds(context);
    this.root = context.registry().layout().root();
  }

  /** Unmounts a volume that nobody holds. */
  public void settle(VolumeName name) {
    holds.settle(name, false);
  }

  /** Removes the record of a mount that is gone. */
  public void forget(MountListing.Entry entry) {
    Path site = root.resolve(entry.target());
    PlanOwner owner =
        entry.container().isEmpty()
            ? new PlanOwner.Hand(site)
            : new PlanOwner.Container(new ContainerId(entry.container()));
    if (!sets.tearDown(owner, plan -> madeAt(plan, site), false)) {
      // Without a plan, the volume alone has a record.
      VolumeName.lookup(entry.source()).ifPresent(name -> forget(name, entry.target()));
    }
  }

  private static List<PlannedMount> madeAt(MountPlan plan, Path site) {
    return plan.steps().stream()
        .filter(step -> step.site().filter(site::equals).isPresent())
        .toList();
  }

  private void forget(VolumeName name, String target) {
    for (Attachment holder : attachments.recorded(name)) {
      if (holder instanceof Attachment.Mount mount
          && mount.target().equals(target)
          && !attachments.isCurrent(mount)) {
        holds.release(name, mount, false);
      }
    }
  }
}
