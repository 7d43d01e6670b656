package dev.keg.volumeset;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.VolumeRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Sets up what a container mounts, or one mount by hand, and takes it down again. */
public final class VolumeSets {
  private final MountContext context;
  private final VolumeResolver resolver;
  private final VolumeRegistry registry;
  private final Plans plans;
  private final Holds holds;
  private final TearDownRun demolition;

  public VolumeSets(MountContext context, VolumeResolver resolver) {
    this.context = context;
    this.resolver = resolver;
    this.registry = context.registry();
    this.plans = new Plans(registry);
    this.holds = new Holds(context);
    this.demolition = new TearDownRun(context, plans, holds);
  }

  /** Mounts all that is asked for, or nothing; returns where, in the order of the mounts. */
  public List<Path> setUp(SetUpRequest request) {
    registry.openForWriting();
    PlanOwner owner = owner(request);
    try (var _ = lock(owner)) {
      MountPlan plan = readyPlan(owner);
      return new SetUpRun(context, plans, holds, request, plan).run(resolver);
    }
  }

  private PlanOwner owner(SetUpRequest request) {
    if (request.container().isPresent()) {
      return new PlanOwner.Container(request.container().get());
    }
    if (request.mounts().size() != 1) {
      throw new IllegalArgumentException("mounts made by hand are made one by one");
    }
    Target target = request.target(request.mounts().getFirst());
    return new PlanOwner.Hand(context.publisher().get().survey(target).path());
  }

  private RegistryLock.Held lock(PlanOwner owner) {
    return registry.lock().lockContainer(owner.key());
  }

  /** The owner's plan without what an earlier boot or a killed command left in it. */
  private MountPlan readyPlan(PlanOwner owner) {
    String host = context.system().hostId();
    String boot = context.system().bootId();
    MountPlan empty = new MountPlan(owner, host, boot, List.of());
    Optional<MountPlan> found = plans.find(owner);
    if (found.isEmpty()) {
      return empty;
    }
    MountPlan plan = found.get();
    refuseOtherHost("mount", plan);
    if (!plan.boot().equals(boot)) {
      takeDown(plan, plan.steps(), false);
      return empty;
    }
    takeDown(plan, plan.unfinished(), false);
    return plans.find(owner).orElse(empty);
  }

  private void refuseOtherHost(String operation, MountPlan plan) {
    if (!plan.host().equals(context.system().hostId())) {
      throw new MountFailed(
          operation,
          plan.owner().container(),
          "it is mounted on another machine: " + plan.host(),
          "unmount it there");
    }
  }

  private void takeDown(MountPlan plan, List<PlannedMount> steps, boolean lazy) {
    if (steps.isEmpty()) {
      return;
    }
    RuntimeException failure = demolition.takeDown(plan, steps, lazy);
    if (failure != null) {
      throw failure;
    }
  }

  /** Takes down all mounts of the container; one that has none is fine. */
  public void tearDown(ContainerId container, boolean lazy) {
    tearDown(new PlanOwner.Container(container), _ -> true, lazy);
  }

  /** Whether there was such a step. */
  private boolean tearDown(PlanOwner owner, Predicate<PlannedMount> which, boolean lazy) {
    if (!registry.openForReading()) {
      return false;
    }
    registry.openForWriting();
    try (var _ = lock(owner)) {
      Optional<MountPlan> plan = plans.find(owner);
      if (plan.isEmpty()) {
        return false;
      }
      refuseOtherHost("unmount", plan.get());
      List<PlannedMount> steps = plan.get().steps().stream().filter(which).toList();
      takeDown(plan.get(), steps, lazy);
      return !steps.isEmpty();
    }
  }

  /**
   * Takes down what was mounted at the path; nothing there is fine, but something that Keg did not
   * mount is not.
   */
  public void unmount(String path, boolean lazy) {
    Path site = site(path);
    boolean known =
        unmountByHand(site, lazy)
            || containerOf(site)
                .map(owner -> tearDown(owner, step -> isAt(step, site), lazy))
                .orElse(false);
    if (!known && context.isMounted(site)) {
      throw new MountFailed(
          "unmount", path, "it was not mounted by keg", "umount(8) unmounts anything");
    }
  }

  // Where the mount table has the very path, nobody needs to be asked where it leads: a server that
  // is gone would not answer.
  private Path site(String path) {
    Path named = registry.layout().root().getFileSystem().getPath(path);
    return context.isMounted(named)
        ? named
        : context.publisher().get().survey(Target.onHost(path)).path();
  }

  /** Takes down what was mounted there by hand; false if nothing was. */
  boolean unmountByHand(Path site, boolean lazy) {
    return tearDown(new PlanOwner.Hand(site), _ -> true, lazy);
  }

  private static boolean isAt(PlannedMount step, Path site) {
    return step.site().filter(site::equals).isPresent();
  }

  private Optional<PlanOwner> containerOf(Path site) {
    if (!registry.openForReading()) {
      return Optional.empty();
    }
    return plans.all(_ -> {}).stream()
        .filter(plan -> plan.steps().stream().anyMatch(step -> isAt(step, site)))
        .map(MountPlan::owner)
        .findFirst();
  }
}
