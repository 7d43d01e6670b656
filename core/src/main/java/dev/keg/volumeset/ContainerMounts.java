package dev.keg.volumeset;

import dev.keg.error.HolderException.MountFailed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The existing mounts of a container. */
public record ContainerMounts(List<Mounted> entries) {
  public ContainerMounts {
    entries = List.copyOf(entries);
  }

  /**
   * A mount.
   *
   * @param target as requested, in the container
   * @param site its path on this host
   */
  public record Mounted(String target, Path site, boolean readOnly) {}

  /** The container's mounts in order; a missing mount is an error, and so is having none. */
  public static ContainerMounts of(MountContext context, ContainerId container) {
    List<Mounted> entries = new ArrayList<>();
    if (context.registry().openForReading()) {
      new Plans(context.registry())
          .find(new PlanOwner.Container(container))
          .ifPresent(plan -> plan.steps().forEach(step -> entries.add(entry(context, plan, step))));
    }
    if (entries.isEmpty()) {
      throw new MountFailed(
          "render",
          container.text(),
          "nothing is mounted for this container",
          "`keg mount --container %s` mounts volumes, `keg mount` lists mounts"
              .formatted(container));
    }
    return new ContainerMounts(entries);
  }

  private static Mounted entry(MountContext context, MountPlan plan, PlannedMount step) {
    boolean here =
        plan.host().equals(context.system().hostId())
            && plan.boot().equals(context.system().bootId());
    Path site =
        here ? new MountPlaces(context).of(step).filter(context::isMounted).orElse(null) : null;
    if (site == null) {
      throw new MountFailed(
          "render",
          step.target(),
          "its mount for container " + plan.owner().container() + " is gone",
          "unmount the container and mount it again");
    }
    return new Mounted(step.target(), site, step.readOnly());
  }
}
