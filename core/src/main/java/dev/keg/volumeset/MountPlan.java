package dev.keg.volumeset;

import dev.keg.attachment.MountTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The existing and intended mounts of one owner, in the order of mounting.
 *
 * @param boot the boot during which the mounts were made; they end with it
 */
record MountPlan(PlanOwner owner, String host, String boot, List<PlannedMount> steps) {
  MountPlan {
    steps = List.copyOf(steps);
  }

  MountPlan with(List<PlannedMount> newSteps) {
    return new MountPlan(owner, host, boot, newSteps);
  }

  MountPlan plus(List<PlannedMount> more) {
    List<PlannedMount> all = new ArrayList<>(steps);
    all.addAll(more);
    return with(all);
  }

  MountPlan replacing(int index, PlannedMount step) {
    List<PlannedMount> all = new ArrayList<>(steps);
    all.set(index, step);
    return with(all);
  }

  MountPlan whenDone(MountTable table) {
    return with(steps.stream().map(step -> step.whenDone(table)).toList());
  }

  /** The mounts that a killed command left behind. */
  List<PlannedMount> unfinished() {
    return steps.stream().filter(step -> !step.done()).toList();
  }
}
