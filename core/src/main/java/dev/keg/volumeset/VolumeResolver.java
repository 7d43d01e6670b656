package dev.keg.volumeset;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Finds the volumes of mounts and creates the missing ones. */
public final class VolumeResolver {
  private final Volumes volumes;
  private final RandomGenerator random;

  public VolumeResolver(Volumes volumes, RandomGenerator random) {
    this.volumes = volumes;
    this.random = random;
  }

  /**
   * A mount; if it is of a volume, the volume exists.
   *
   * @param created whether the volume was created for this mount
   */
  public record ResolvedMount(MountSpec spec, @Nullable Volume found, boolean created) {
    public ResolvedMount {
      if (spec instanceof MountSpec.Named && found == null) {
        throw new IllegalArgumentException("a mount of a volume has one");
      }
    }

    public Optional<Volume> volume() {
      return Optional.ofNullable(found);
    }
  }

  /** The mounts, parents before children; all of them or an error. */
  public List<ResolvedMount> resolve(List<MountSpec> specs) {
    List<ResolvedMount> resolved = new ArrayList<>();
    try {
      for (MountSpec spec : specs.stream().sorted(MountSpec.PARENTS_FIRST).toList()) {
        resolved.add(resolve(spec));
      }
    } catch (RuntimeException e) {
      abandon(resolved, e, _ -> true);
      throw e;
    }
    return List.copyOf(resolved);
  }

  private ResolvedMount resolve(MountSpec spec) {
    return switch (spec) {
      case MountSpec.Named named -> {
        CreateResult creation = volume(named.volume());
        yield new ResolvedMount(named, creation.volume(), !creation.existed());
      }
      case MountSpec.Bind _, MountSpec.Snapshot _, MountSpec.Tmpfs _, MountSpec.NamedPipe _ ->
          new ResolvedMount(spec, null, false);
    };
  }

  /**
   * Refuses missing volumes of a compose file that others should create, before anything is
   * created.
   */
  public void requireExternal(List<WantedVolume> wanted) {
    wanted.forEach(this::requireExternal);
  }

  private void requireExternal(WantedVolume wanted) {
    String name = wanted.name().map(VolumeName::text).orElse("");
    if (wanted.mustExist() && !volumes.exists(name)) {
      throw new InvalidSpec("external volume \"" + name + "\" not found", creation(name));
    }
  }

  private static String creation(String name) {
    return "create it first: keg create " + name;
  }

  /** The wanted volume; a missing one is created unless it must exist. */
  public CreateResult volume(WantedVolume wanted) {
    String driver = wanted.driver().orElse("");
    if (wanted.name().isEmpty()) {
      return volumes.create(
          VolumeRequest.anonymous(
              random, driver, wanted.options(), wanted.labels(), Ownership.DEFAULT));
    }
    VolumeName name = wanted.name().get();
    VolumeRequest request = request(volumes.nameOf(name.text()).orElse(name), driver, wanted);
    return wanted.mustExist()
        ? volumes
            .find(request)
            .orElseThrow(() -> new NotFound("mount", name.text(), creation(name.text())))
        : volumes.create(request);
  }

  private static VolumeRequest request(VolumeName name, String driver, WantedVolume wanted) {
    return new VolumeRequest(name, driver, wanted.options(), wanted.labels(), Ownership.DEFAULT);
  }

  /**
   * Removes the volumes that were created for failed mounts. A named volume stays if somebody
   * already uses it, or if it was changed since.
   *
   * @param untouched determines that under the volume's lock
   */
  void abandon(
      List<ResolvedMount> resolved, RuntimeException failure, Predicate<Volume> untouched) {
    for (ResolvedMount mount : resolved) {
      mount
          .volume()
          .filter(_ -> mount.created())
          .ifPresent(volume -> remove(volume, failure, untouched));
    }
  }

  private void remove(Volume made, RuntimeException failure, Predicate<Volume> untouched) {
    try {
      Removal.Mode mode = made.anonymous() ? Removal.Mode.FORCE : Removal.Mode.NORMAL;
      var _ =
          volumes.removeIf(
              made.name(),
              mode,
              now ->
                  now.details().id().equals(made.details().id())
                      && (made.anonymous() || untouched.test(made)));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
