package dev.keg.volumeset;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.publish.Target;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.VolumeRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Sets up and takes down the mounts of a container, or one mount made by hand. */
public final class VolumeSets {
  private final MountContext context;
  private final VolumeResolver resolver;
  private final VolumeRegistry registry;
  private final Plans plans;
  private final Holds holds;
  private final TearDownRun tearDown;
  private final MountPlaces places;

  public VolumeSets(MountContext context, VolumeResolver resolver) {
    this.context = context;
    this.resolver = resolver;
    this.registry = context.registry();
    this.plans = new Plans(registry);
    this.holds = new Holds(context);
    this.tearDown = new TearDownRun(context, plans, holds);
    this.places = new MountPlaces(context);
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
      String name = request.container().get().text();
      registry
          .usableNames()
          .whyUnusable("container", name)
          .ifPresent(
              why -> {
                throw new InvalidSpec("Invalid container name (" + name + "): " + why);
              });
      return new PlanOwner.Container(request.container().get());
    }
    if (request.mounts().size() != 1) {
      throw new IllegalArgumentException("mounts made by hand are made one by one");
    }
    Target target = request.target(request.mounts().getFirst());
    return new PlanOwner.Hand(context.publisher().get().resolve(target).path());
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
    RuntimeException failure = tearDown.takeDown(plan, steps, lazy);
    if (failure != null) {
      throw failure;
    }
  }

  /** Whether Keg has mounted anything for the container. */
  public boolean knows(ContainerId container) {
    return registry.openForReading() && plans.find(new PlanOwner.Container(container)).isPresent();
  }

  /** Unmounts everything of the container; a container without mounts is not an error. */
  public void tearDown(ContainerId container, boolean lazy) {
    boolean _ = tearDown(new PlanOwner.Container(container), MountPlan::steps, lazy);
  }

  /** Returns whether there was any such step. */
  boolean tearDown(PlanOwner owner, Function<MountPlan, List<PlannedMount>> which, boolean lazy) {
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
      List<PlannedMount> steps = which.apply(plan.get());
      takeDown(plan.get(), steps, lazy);
      return !steps.isEmpty();
    }
  }

  /** Unmounts the path; no mount is not an error, but a mount that Keg did not make is one. */
  public void unmount(String path, boolean lazy) {
    Path site = site(path);
    boolean known =
        unmountAt(site, lazy) || (!context.isMounted(site) && unmountMadeAt(site, lazy));
    if (!known && context.isMounted(site)) {
      throw new MountFailed(
          "unmount", path, "keg did not mount it", "umount(8) unmounts any mount");
    }
  }

  // If the mount table contains this path, do not resolve it: an unreachable server would not
  // answer.
  private Path site(String path) {
    Path named = registry.layout().root().getFileSystem().getPath(path);
    return context.isMounted(named)
        ? named
        : context.publisher().get().resolve(Target.onHost(path)).path();
  }

  /**
   * Unmounts what was mounted at the site by hand, wherever it is now; returns false if there is
   * none.
   */
  boolean unmountMadeAt(Path site, boolean lazy) {
    return tearDown(new PlanOwner.Hand(site), MountPlan::steps, lazy);
  }

  private boolean unmountAt(Path place, boolean lazy) {
    return ownerOf(place)
        .map(owner -> tearDown(owner, plan -> stepsAt(plan, place), lazy))
        .orElse(false);
  }

  /** Unmounts what is at the place now, if it was mounted by hand. */
  void unmountMovedTo(Path place, boolean lazy) {
    ownerOf(place)
        .filter(PlanOwner.Hand.class::isInstance)
        .ifPresent(owner -> tearDown(owner, plan -> stepsAt(plan, place), lazy));
  }

  private List<PlannedMount> stepsAt(MountPlan plan, Path place) {
    return plan.steps().stream().filter(step -> places.isAt(step, place)).toList();
  }

  private Optional<PlanOwner> ownerOf(Path place) {
    if (!registry.openForReading()) {
      return Optional.empty();
    }
    return plans.all(_ -> {}).stream()
        .filter(plan -> !stepsAt(plan, place).isEmpty())
        .map(MountPlan::owner)
        .findFirst();
  }
}
