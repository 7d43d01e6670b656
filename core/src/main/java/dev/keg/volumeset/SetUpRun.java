package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.MountSpec;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.registry.RegistryLayout;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.PlannedMount.Source;
import dev.keg.volumeset.VolumeResolver.ResolvedMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sets up the new steps of one plan: records all of them, then makes each in order; a failure
 * undoes them. The caller holds the owner's lock.
 */
final class SetUpRun {
  private final MountContext context;
  private final Plans plans;
  private final Holds holds;
  private final TearDownRun tearDown;
  private final Publisher publisher;
  private final SetUpRequest request;
  private final RegistryLayout own;
  private final OpenSources sources;
  private final Map<VolumeName, TreeState> filled = new HashMap<>();
  private MountPlan plan;
  private int begun;

  SetUpRun(MountContext context, Plans plans, Holds holds, SetUpRequest request, MountPlan plan) {
    this.context = context;
    this.plans = plans;
    this.holds = holds;
    this.tearDown = new TearDownRun(context, plans, holds);
    this.publisher = context.publisher().get();
    this.request = request;
    this.sources = new OpenSources(context);
    this.plan = plan;
    this.begun = plan.steps().size();
    // Sites contain no symbolic links, but the path of the root may.
    Path root = context.registry().layout().root();
    this.own = new RegistryLayout(FileFailures.translate("mount", root, root::toRealPath));
  }

  /**
   * Sets up the mounts after the existing ones of the plan and returns their sites. Targets are
   * checked before volumes are created, so that a refusal creates none.
   */
  List<Path> run(VolumeResolver resolver) {
    List<MountSpec> specs = request.mounts().stream().sorted(MountSpec.PARENTS_FIRST).toList();
    try (sources) {
      List<ResolvedTarget> targets = specs.stream().map(this::resolve).toList();
      specs.forEach(sources::openSnapshot);
      List<ResolvedMount> mounts = resolver.resolve(specs);
      try {
        return setUp(mounts, targets);
      } catch (RuntimeException e) {
        resolver.abandon(mounts, e, this::isUntouched);
        throw e;
      }
    }
  }

  // Somebody else may already use a volume with a name.
  private boolean isUntouched(Volume volume) {
    String name = volume.name().text();
    Path data = context.registry().layout().home(volume.name()).data();
    return context.services().drivers().open(volume.driver(), "mount", name).alwaysVisible(volume)
        && FileFailures.translate("mount", data, () -> isAsMade(volume.name(), data));
  }

  private boolean isAsMade(VolumeName name, Path data) throws IOException {
    return !Files.exists(data)
        || DirectoryEntries.of(data).isEmpty()
        || (filled.containsKey(name) && TreeState.of(data).equals(filled.get(name)));
  }

  private ResolvedTarget resolve(MountSpec spec) {
    refusePipe(spec);
    ResolvedTarget target = publisher.resolve(request.target(spec));
    refuse(target, spec.target());
    if (mayFill(spec)) {
      sources.openOriginal(spec, publisher, target);
    }
    return target;
  }

  private static void refusePipe(MountSpec spec) {
    if (spec instanceof MountSpec.NamedPipe pipe) {
      throw new MountFailed(
          "mount",
          pipe.target(),
          "the program that runs the container passes on named pipes",
          "`keg render hcs` prints the document for it");
    }
  }

  private List<Path> setUp(List<ResolvedMount> mounts, List<ResolvedTarget> targets) {
    int first = begun;
    plan = plan.plus(planned(mounts, targets));
    plans.write(plan);
    List<Path> sites = new ArrayList<>();
    try {
      for (ResolvedMount mount : mounts) {
        sites.add(mount(mount));
      }
      sources.close();
      plans.write(plan.whenDone(context.system()));
    } catch (RuntimeException e) {
      undo(first, e);
      throw e;
    }
    return sites;
  }

  private void undo(int first, RuntimeException failure) {
    MountPlan reached = plan.with(plan.steps().subList(0, begun));
    RuntimeException cleanUp =
        tearDown.takeDown(reached, reached.steps().subList(first, begun), false);
    if (cleanUp != null) {
      failure.addSuppressed(cleanUp);
    }
  }

  /** The steps, with the sites of those that do not depend on an earlier mount. */
  private List<PlannedMount> planned(List<ResolvedMount> mounts, List<ResolvedTarget> targets) {
    List<PlannedMount> steps = new ArrayList<>();
    Covered earlier = new Covered();
    for (int i = 0; i < mounts.size(); i++) {
      ResolvedMount mount = mounts.get(i);
      ResolvedTarget site = targets.get(i);
      PlannedMount step =
          new PlannedMount(
              source(mount),
              mount.spec().target(),
              mount.spec().access().readOnly(),
              context.services().clock().instant(),
              null,
              List.of(),
              false,
              null);
      boolean nested = earlier.holds(step.target(), site.path());
      PlannedMount next = nested ? step : step.at(site);
      earlier.add(next);
      steps.add(next);
    }
    return steps;
  }

  // A volume is filled from the container's own files, not from other mounts of this set.
  private boolean mayFill(MountSpec spec) {
    return spec instanceof MountSpec.Named named && request.rootfs() != null && named.copyUp();
  }

  /** The targets and sites of steps, indexed because a container may have very many. */
  private static final class Covered {
    private final Set<String> targets = new HashSet<>();
    private final Set<Path> sites = new HashSet<>();

    void add(PlannedMount step) {
      targets.add(step.target());
      step.site().ifPresent(sites::add);
    }

    boolean holds(String target, Path site) {
      for (int slash = target.lastIndexOf('/');
          slash > 0;
          slash = target.lastIndexOf('/', slash - 1)) {
        if (targets.contains(target.substring(0, slash))) {
          return true;
        }
      }
      for (Path above = site; above != null; above = above.getParent()) {
        if (sites.contains(above)) {
          return true;
        }
      }
      return false;
    }
  }

  private Source source(ResolvedMount mount) {
    return switch (mount.spec()) {
      case MountSpec.Named named ->
          new Source.OfVolume(mount.volume().map(Volume::name).orElseThrow());
      case MountSpec.Bind bind -> new Source.OfHost(bind.source());
      case MountSpec.Snapshot snapshot -> new Source.OfHost(sources.place(snapshot));
      case MountSpec.Tmpfs _ -> new Source.OfMemory();
      case MountSpec.NamedPipe _ -> throw new IllegalStateException("pipes are refused before");
    };
  }

  // Refuse an existing mount before the step counts as begun: undoing unmounts whatever is at the
  // site of a begun step.
  private Path mount(ResolvedMount mount) {
    ResolvedTarget site = publisher.resolve(request.target(mount.spec()));
    PlannedMount planned = plan.steps().get(begun);
    refuse(site, planned.target());
    PlannedMount step = planned.at(site);
    if (!step.equals(planned)) {
      plan = plan.replacing(begun, step);
      plans.write(plan);
    }
    begun++;
    switch (mount.spec()) {
      case MountSpec.Named named -> hold(named, step, site);
      case MountSpec.Bind bind -> {
        Path source = path(bind.source());
        if (bind.createSource()) {
          makeSource(source);
        }
        show(new MountContent.Tree(source, ""), site, bind.access());
      }
      case MountSpec.Snapshot snapshot -> show(sources.content(snapshot), site, snapshot.access());
      case MountSpec.Tmpfs tmpfs ->
          show(new MountContent.Memory(tmpfs.options()), site, tmpfs.access());
      case MountSpec.NamedPipe _ -> throw new IllegalStateException("pipes are refused before");
    }
    return site.path();
  }

  private void refuse(ResolvedTarget site, String target) {
    if (isTaken(site)) {
      throw new MountFailed(
          "mount",
          target,
          "something is already mounted there: " + site.path(),
          "unmount it first, or choose another target");
    }
    if (own.isHiddenBy(site.path())) {
      Path root = context.registry().layout().root();
      throw new MountFailed(
          "mount",
          target,
          hides(site.path())
              ? "it would hide Keg's files in " + root
              : "it is in Keg's own directory " + root,
          "choose another target");
    }
    if (!site.exists() && !request.makesTargets()) {
      throw new MountFailed(
          "mount", target, "no such file or directory", "--mkdir makes the directory");
    }
  }

  private boolean isTaken(ResolvedTarget site) {
    return site.hidden()
        ? plan.steps().stream().limit(begun).anyMatch(step -> isAt(step, site))
        : context.isMounted(site.path());
  }

  private static boolean isAt(PlannedMount step, ResolvedTarget site) {
    return step.site().filter(site.path()::equals).isPresent();
  }

  private boolean hides(Path site) {
    return Stream.of(own.volumes(), own.containers(), own.machines(), own.repositories())
        .anyMatch(kept -> kept.startsWith(site) || site.startsWith(kept));
  }

  private void hold(MountSpec.Named named, PlannedMount step, ResolvedTarget site) {
    if (!(step.source() instanceof Source.OfVolume(var name))) {
      throw new IllegalStateException("a volume's step is of a volume");
    }
    Optional<Publisher.Original> original = sources.original(named);
    Attachment.Mount holder =
        context.record(plan.owner(), site.path(), named.access().readOnly(), request.exclusive());
    holds.hold(
        name,
        holder,
        data -> {
          context.tuning().share(name, data, named.access().shared(), holder);
          MountContent.Tree content = new MountContent.Tree(data, named.subpath());
          original.ifPresent(files -> fill(content, site, files, name));
          show(content, site, named.access());
          // The specification of this mount takes precedence.
          if (!named.access().restrictions().contains(Access.Restriction.NOATIME)) {
            context.tuning().published(name, site.path());
          }
        });
  }

  private void fill(
      MountContent.Tree content,
      ResolvedTarget site,
      Publisher.Original original,
      VolumeName name) {
    CopyUp copyUp = new CopyUp(publisher);
    if (content.subpath().isEmpty()) {
      Optional<TreeState> copied = copyUp.fill(content.root(), original);
      copied.filter(_ -> isVisible(name, content.root())).ifPresent(s -> filled.put(name, s));
      return;
    }
    Optional<Publisher.OpenPart> part = publisher.part(content, site);
    if (part.isPresent()) {
      try (Publisher.OpenPart open = part.get()) {
        var _ = copyUp.fill(open.path(), original);
      }
    }
  }

  // Only a volume that is visible here can still be examined when it is no longer held.
  private boolean isVisible(VolumeName name, Path data) {
    return data.equals(context.registry().layout().home(name).data());
  }

  private void show(MountContent content, ResolvedTarget site, Access access) {
    if (!site.exists()) {
      publisher.make(site, content);
    }
    publisher.publish(content, site, access);
  }

  private Path path(String text) {
    return context.registry().layout().root().getFileSystem().getPath(text);
  }

  // Like docker for -v: a directory that everybody may read.
  private static void makeSource(Path source) {
    try {
      if (!Files.exists(source)) {
        Files.createDirectories(source);
      }
    } catch (IOException e) {
      throw new MountFailed(
          "mount",
          Objects.toString(source),
          "error while creating mount source path '" + source + "': " + e.getMessage(),
          null,
          e);
    }
  }
}
