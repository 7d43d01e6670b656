package dev.keg.activity;

import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Watches the devices below volumes. */
public final class Activities {
  private final VolumeRegistry registry;
  private final Volumes volumes;
  private final Devices devices;
  private final InstantSource clock;

  public Activities(
      VolumeRegistry registry, Volumes volumes, Devices devices, InstantSource clock) {
    this.registry = registry;
    this.volumes = volumes;
    this.devices = devices;
    this.clock = clock;
  }

  /**
   * A volume at one moment.
   *
   * @param device the device below it; empty if nothing of it is visible now, or its device has no
   *     counters
   */
  public record Look(
      Volume volume, Optional<Device> device, Optional<Counters> counters, Instant time) {
    /** What happened since an earlier look at the same volume. */
    public Optional<Activity> since(Look earlier) {
      return counters.flatMap(
          now ->
              earlier.counters.map(
                  before -> Activity.between(before, now, Duration.between(earlier.time, time))));
    }
  }

  /** The volumes that can be watched, and the reasons why others cannot. */
  public record Looks(List<Look> looks, List<VolumeException> problems) {
    public Looks {
      looks = List.copyOf(looks);
      problems = List.copyOf(problems);
    }
  }

  /** Looks at these volumes, or at all if none is named. */
  public Looks look(Collection<String> names) {
    List<VolumeException> problems = new ArrayList<>();
    List<Look> looks = new ArrayList<>();
    for (Volume volume : names.isEmpty() ? all(problems) : named(names, problems)) {
      Optional<Device> device = volumes.liesOn(volume).flatMap(devices::below);
      looks.add(look(volume, device));
    }
    return new Looks(looks, problems);
  }

  /** Looks at the same volumes again. */
  public Looks again(Looks before) {
    return new Looks(
        before.looks().stream().map(look -> look(look.volume(), look.device())).toList(),
        List.of());
  }

  private Look look(Volume volume, Optional<Device> device) {
    return new Look(volume, device, device.flatMap(Device::counters), clock.instant());
  }

  private List<Volume> all(List<VolumeException> problems) {
    Listing listing =
        volumes.list(VolumeFilter.forList(FilterArguments.NONE, volumes.filterContext()));
    problems.addAll(listing.problems());
    return listing.volumes();
  }

  private List<Volume> named(Collection<String> texts, List<VolumeException> problems) {
    List<Volume> found = new ArrayList<>();
    for (String text : texts) {
      try {
        VolumeName name = volumes.nameOf(text).orElseThrow(() -> NotFound.ofVolume("stats", text));
        found.add(registry.get("stats", name));
      } catch (VolumeException e) {
        problems.add(e);
      }
    }
    return found;
  }
}
