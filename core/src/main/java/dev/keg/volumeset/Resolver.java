package dev.keg.volumeset;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.lifecycle.Creation;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finds the volumes that mounts name, and makes those that are missing. */
public final class Resolver {
  private final Volumes volumes;
  private final RandomGenerator random;

  public Resolver(Volumes volumes, RandomGenerator random) {
    this.volumes = volumes;
    this.random = random;
  }

  /** The mounts, parents before children; either all of them or an error. */
  public List<Resolved> resolve(List<MountSpec> specs) {
    List<Resolved> resolved = new ArrayList<>();
    try {
      for (MountSpec spec : sorted(specs)) {
        resolved.add(resolve(spec));
      }
    } catch (RuntimeException e) {
      abandon(resolved, e);
      throw e;
    }
    return List.copyOf(resolved);
  }

  private static List<MountSpec> sorted(List<MountSpec> specs) {
    return specs.stream().sorted(Comparator.comparingInt(Resolver::depth)).toList();
  }

  private static int depth(MountSpec spec) {
    return (int) spec.target().chars().filter(c -> c == '/' || c == '\\').count();
  }

  private Resolved resolve(MountSpec spec) {
    return switch (spec) {
      case MountSpec.Named named -> {
        Creation creation = volume(named.volume());
        yield new Resolved(named, creation.volume(), !creation.existed());
      }
      case MountSpec.Bind _, MountSpec.Tmpfs _, MountSpec.NamedPipe _ ->
          new Resolved(spec, null, false);
    };
  }

  private Creation volume(WantedVolume wanted) {
    Optional<VolumeName> name = wanted.name();
    if (wanted.mustExist() && name.filter(n -> volumes.exists(n.text())).isEmpty()) {
      throw new InvalidSpec(
          "external volume \"" + name.map(VolumeName::text).orElse("") + "\" not found",
          "make it first: keg create " + name.map(VolumeName::text).orElse(""));
    }
    String driver = wanted.driver().orElse("");
    return volumes.create(
        name.map(n -> request(n, driver, wanted))
            .orElseGet(
                () ->
                    VolumeRequest.anonymous(
                        random, driver, wanted.options(), wanted.labels(), Ownership.DEFAULT)));
  }

  private static VolumeRequest request(VolumeName name, String driver, WantedVolume wanted) {
    return new VolumeRequest(name, driver, wanted.options(), wanted.labels(), Ownership.DEFAULT);
  }

  /**
   * Removes the anonymous volumes that were made for mounts that came to nothing: nobody else knows
   * their names. Volumes with a name stay, for somebody may be using them by now.
   */
  void abandon(List<Resolved> resolved, RuntimeException failure) {
    for (Resolved mount : resolved) {
      mount
          .volume()
          .filter(volume -> mount.created() && volume.anonymous())
          .ifPresent(volume -> remove(volume, failure));
    }
  }

  private void remove(Volume volume, RuntimeException failure) {
    try {
      volumes.remove(volume.name().text(), Removal.Mode.FORCE);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
