package dev.keg.volumeset;

import java.util.ArrayList;
import java.util.List;

/**
 * What is mounted, or was about to be, for one owner, in the order in which it is set up.
 *
 * @param boot during which the mounts were made; they are gone with it
 */
record MountPlan(Owner owner, String host, String boot, List<Step> steps) {
  MountPlan {
    steps = List.copyOf(steps);
  }

  MountPlan with(List<Step> newSteps) {
    return new MountPlan(owner, host, boot, newSteps);
  }

  MountPlan plus(List<Step> more) {
    List<Step> all = new ArrayList<>(steps);
    all.addAll(more);
    return with(all);
  }

  MountPlan replacing(int index, Step step) {
    List<Step> all = new ArrayList<>(steps);
    all.set(index, step);
    return with(all);
  }

  MountPlan whenDone() {
    return with(steps.stream().map(Step::whenDone).toList());
  }

  /** What a command that was killed left behind. */
  List<Step> unfinished() {
    return steps.stream().filter(step -> !step.done()).toList();
  }
}
