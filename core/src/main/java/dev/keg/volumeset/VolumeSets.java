package dev.keg.volumeset;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.VolumeRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Sets up and takes down the mounts of a container, or one mount made by hand. */
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

  /** Makes all requested mounts or none; returns their paths in the order of the request. */
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

  /** The owner's plan without the remains of an earlier boot or a killed command. */
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

  /** Unmounts everything of the container; a container without mounts is fine. */
  public void tearDown(ContainerId container, boolean lazy) {
    tearDown(new PlanOwner.Container(container), _ -> true, lazy);
  }

  /** Whether there was any such step. */
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

  /** Unmounts the path; nothing mounted is fine, but a mount that Keg did not make is an error. */
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

  // If the mount table contains this path, do not resolve it: a dead server would not answer.
  private Path site(String path) {
    Path named = registry.layout().root().getFileSystem().getPath(path);
    return context.isMounted(named)
        ? named
        : context.publisher().get().survey(Target.onHost(path)).path();
  }

  /** Unmounts a mount made by hand; false if there is none. */
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
