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
  public record Sample(
      Volume volume, Optional<Device> device, Optional<Counters> counters, Instant time) {
    /** What happened since an earlier sample of the same volume. */
    public Optional<Activity> since(Sample earlier) {
      return counters.flatMap(
          now ->
              earlier.counters.map(
                  before -> Activity.between(before, now, Duration.between(earlier.time, time))));
    }
  }

  /** The volumes that can be watched, and the reasons why others cannot. */
  public record Samples(List<Sample> samples, List<VolumeException> problems) {
    public Samples {
      samples = List.copyOf(samples);
      problems = List.copyOf(problems);
    }
  }

  /** Samples these volumes, or all if none is named. */
  public Samples sample(Collection<String> names) {
    List<VolumeException> problems = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    for (Volume volume : names.isEmpty() ? all(problems) : named(names, problems)) {
      Optional<Device> device = volumes.liesOn(volume).flatMap(devices::below);
      samples.add(sample(volume, device));
    }
    return new Samples(samples, problems);
  }

  /** Samples the same volumes again. */
  public Samples again(Samples before) {
    return new Samples(
        before.samples().stream().map(sample -> sample(sample.volume(), sample.device())).toList(),
        List.of());
  }

  private Sample sample(Volume volume, Optional<Device> device) {
    return new Sample(volume, device, device.flatMap(Device::counters), clock.instant());
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
