package dev.keg.volumeset;

import dev.keg.volumeset.Step.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The walk backwards through a plan. It takes down whatever of it is there, so it is right after a
 * failure, after a kill at any point, after a reboot, and a second time.
 */
final class Demolition {
  private final MountContext context;
  private final Plans plans;
  private final Holds holds;

  Demolition(MountContext context, Plans plans, Holds holds) {
    this.context = context;
    this.plans = plans;
    this.holds = holds;
  }

  /**
   * Takes down these steps of the plan, the last first, and strikes them off it. What cannot be
   * taken down stays in the plan for the next try.
   *
   * @return the first failure, the others suppressed in it; null if there was none
   */
  @Nullable RuntimeException takeDown(MountPlan plan, List<Step> steps, boolean lazy) {
    List<Step> left = new ArrayList<>(plan.steps());
    List<Step> stuck = new ArrayList<>();
    List<RuntimeException> failures = new ArrayList<>();
    for (Step step : steps.reversed()) {
      try {
        takeDown(plan, step, lazy);
        if (isNeededBy(stuck, step)) {
          continue;
        }
        unmake(step);
        left.remove(step);
      } catch (RuntimeException e) {
        stuck.add(step);
        failures.add(e);
      }
    }
    write(plan.with(left), failures);
    return combined(failures);
  }

  /** Whether one of the steps that are still there stands in a directory made for this one. */
  private static boolean isNeededBy(List<Step> stuck, Step step) {
    return stuck.stream()
        .flatMap(other -> other.site().stream())
        .anyMatch(site -> step.made().stream().anyMatch(site::startsWith));
  }

  private void unmake(Step step) {
    if (!step.made().isEmpty()) {
      context.publisher().get().unmake(step.made());
    }
  }

  private void write(MountPlan plan, List<RuntimeException> failures) {
    try {
      plans.write(plan);
    } catch (RuntimeException e) {
      failures.add(e);
    }
  }

  private static @Nullable RuntimeException combined(List<RuntimeException> failures) {
    if (failures.isEmpty()) {
      return null;
    }
    failures.stream().skip(1).forEach(failures.getFirst()::addSuppressed);
    return failures.getFirst();
  }

  private void takeDown(MountPlan plan, Step step, boolean lazy) {
    Path site = step.place();
    if (site == null) {
      return; // The plan was not further than this when its maker was killed.
    }
    // First what needs no lock and no disk: a root that became read-only must not keep it mounted.
    // After another boot what is mounted there is somebody else's.
    if (plan.boot().equals(context.system().bootId())) {
      context.publisher().get().withdraw(site, lazy);
    }
    switch (step.source()) {
      case Source.OfVolume(var name) ->
          holds.release(name, context.record(plan.owner(), site, step.readOnly(), false));
      case Source.OfHost _, Source.OfMemory _ -> {}
    }
  }
}
