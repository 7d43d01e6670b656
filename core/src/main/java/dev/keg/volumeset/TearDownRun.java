package dev.keg.volumeset;

import dev.keg.attachment.MountTable;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.volumeset.PlannedMount.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks a plan backwards and unmounts whatever exists of it, so it works after a failure, a kill at
 * any point or a reboot, and can be repeated.
 */
final class TearDownRun {
  private final MountContext context;
  private final Plans plans;
  private final Holds holds;
  private final MountPlaces places;

  TearDownRun(MountContext context, Plans plans, Holds holds) {
    this.context = context;
    this.plans = plans;
    this.holds = holds;
    this.places = new MountPlaces(context);
  }

  /**
   * Undoes these steps of the plan, the last first, and removes them from it. A step that cannot be
   * undone stays in the plan for the next attempt.
   *
   * @return the first failure, with the others suppressed; null if there was none
   */
  @Nullable RuntimeException takeDown(MountPlan plan, List<PlannedMount> steps, boolean lazy) {
    List<PlannedMount> left = new ArrayList<>(plan.steps());
    List<PlannedMount> mounted = new ArrayList<>();
    List<PlannedMount> stuck = new ArrayList<>();
    List<RuntimeException> failures = new ArrayList<>();
    if (lazy && steps.size() > 1) {
      withdrawOutermostFirst(plan, steps);
    }
    for (PlannedMount step : steps.reversed()) {
      if (isIn(step.site(), mounted) || !attempt(failures, () -> withdraw(plan, step, lazy))) {
        mounted.add(step);
        stuck.add(step);
        continue;
      }
      boolean released = attempt(failures, () -> release(plan, step, lazy));
      boolean unmade = attempt(failures, () -> unmake(plan, step, stuck));
      if (released && unmade && !isNeededBy(stuck, step)) {
        left.remove(step);
      } else {
        stuck.add(step);
      }
    }
    boolean _ = attempt(failures, () -> plans.write(plan.with(left)));
    return combined(failures);
  }

  // A mount below one of an unreachable server cannot be accessed, but disappears together with it.
  // So failures here are retried afterwards and reported only then.
  private void withdrawOutermostFirst(MountPlan plan, List<PlannedMount> steps) {
    List<RuntimeException> untold = new ArrayList<>();
    for (PlannedMount step : steps) {
      boolean _ = attempt(untold, () -> withdraw(plan, step, true));
    }
  }

  private static boolean attempt(List<RuntimeException> failures, Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      failures.add(e);
      return false;
    }
  }

  /** Whether one of the others is inside the mount at the site. */
  private static boolean isIn(Optional<Path> site, List<PlannedMount> others) {
    return site.isPresent()
        && others.stream()
            .flatMap(other -> other.site().stream())
            .anyMatch(path -> path.startsWith(site.get()));
  }

  /** Whether one of the others is in a directory created for this one. */
  private static boolean isNeededBy(List<PlannedMount> others, PlannedMount step) {
    return step.made().stream().anyMatch(made -> isIn(Optional.of(made), others));
  }

  private void unmake(MountPlan plan, PlannedMount step, List<PlannedMount> others) {
    List<Path> made = step.made().stream().filter(path -> !isInVolume(plan, step, path)).toList();
    if (!made.isEmpty() && !isNeededBy(others, step)) {
      context.publisher().get().unmake(made);
    }
  }

  // Directories created in a volume stay, as with docker: another holder may be about to mount on
  // them, or may have done so in another mount namespace.
  private static boolean isInVolume(MountPlan plan, PlannedMount step, Path made) {
    return plan.steps().stream()
        .filter(other -> !other.equals(step))
        .flatMap(other -> other.site().stream())
        .anyMatch(made::startsWith);
  }

  private static @Nullable RuntimeException combined(List<RuntimeException> failures) {
    if (failures.isEmpty()) {
      return null;
    }
    failures.stream().skip(1).forEach(failures.getFirst()::addSuppressed);
    return failures.getFirst();
  }

  // This needs no lock and no disk, so that a read-only root cannot prevent it. A step without a
  // site was never begun, and after a reboot whatever is mounted at the site belongs to somebody
  // else.
  private void withdraw(MountPlan plan, PlannedMount step, boolean lazy) {
    Path site = step.place();
    if (site == null || !plan.boot().equals(context.system().bootId())) {
      return;
    }
    if (!lazy) {
      refuseOutOfReach(site);
      places.requireKnown(step, site);
    }
    places
        .of(step)
        .ifPresent(
            place -> {
              if (!lazy) {
                refuseWithOthersBelow(place);
              }
              context.publisher().get().withdraw(place, lazy);
            });
  }

  private void refuseOutOfReach(Path site) {
    if (context.isMounted(site)) {
      return;
    }
    context
        .system()
        .processWith(site)
        .ifPresent(
            process -> {
              throw new MountFailed(
                  "unmount",
                  site.toString(),
                  "process " + process + " has it mounted in its own mount namespace",
                  "unmount it there: nsenter -m -t " + process + " keg unmount " + site);
            });
  }

  // Submounts that came with the source may be unmounted; other mounts below may not.
  private void refuseWithOthersBelow(Path site) {
    List<Path> below =
        context.system().mounts().stream()
            .map(MountTable.MountPoint::target)
            .filter(target -> target.startsWith(site) && !target.equals(site))
            .toList();
    if (below.isEmpty()) {
      return;
    }
    plans.all(_ -> {}).stream()
        .filter(this::isOfNow)
        .flatMap(other -> other.steps().stream())
        .flatMap(step -> places.of(step).stream())
        .filter(below::contains)
        .findFirst()
        .ifPresent(
            other -> {
              throw new MountFailed(
                  "unmount",
                  site.toString(),
                  "something else is mounted below it: " + other,
                  "unmount it first, or detach everything with --lazy");
            });
  }

  private boolean isOfNow(MountPlan plan) {
    return plan.host().equals(context.system().hostId())
        && plan.boot().equals(context.system().bootId());
  }

  private void release(MountPlan plan, PlannedMount step, boolean lazy) {
    Path site = step.place();
    if (site == null) {
      return;
    }
    switch (step.source()) {
      case Source.OfVolume(var name) ->
          holds.release(name, context.record(plan.owner(), site, step.readOnly(), false), lazy);
      case Source.OfHost _, Source.OfMemory _ -> {}
    }
  }
}
