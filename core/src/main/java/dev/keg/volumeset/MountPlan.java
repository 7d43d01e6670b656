package dev.keg.volumeset;

import java.util.ArrayList;
import java.util.List;

/**
 * What is mounted, or was about to be, for one owner, in the order in which it is set up.
 *
 * @param boot during which the mounts were made; they are gone with it
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

  MountPlan whenDone() {
    return with(steps.stream().map(PlannedMount::whenDone).toList());
  }

  /** What a command that was killed left behind. */
  List<PlannedMount> unfinished() {
    return steps.stream().filter(step -> !step.done()).toList();
  }
}
