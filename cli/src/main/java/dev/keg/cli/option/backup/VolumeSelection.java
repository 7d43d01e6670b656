package dev.keg.cli.option.backup;

import dev.keg.backup.drill.ScratchVolume;
import dev.keg.cli.option.ComposeOptions;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.ArchivedVolume;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The volumes that a command works on: named ones, those that match, or all. */
public final class VolumeSelection {
  @Option(
      names = {"-a", "--all"},
      description = "Back up all volumes")
  private boolean all;

  @Option(
      names = "--filter",
      paramLabel = "filter",
      converter = Converters.Filter.class,
      description = "Back up matching volumes (e.g. \"label=<label>\")")
  private List<String> filters = new ArrayList<>();

  @Mixin private ComposeOptions compose = new ComposeOptions();

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  /** The volumes, the snapshots to use instead of some, and why others cannot be used. */
  public record Selected(
      List<VolumeName> volumes, Map<VolumeName, String> earlier, List<VolumeException> problems) {
    Selected(List<VolumeName> volumes, List<VolumeException> problems) {
      this(volumes, Map.of(), problems);
    }

    public Selected {
      volumes = List.copyOf(volumes);
      earlier = Map.copyOf(earlier);
      problems = List.copyOf(problems);
    }

    /**
     * The snapshots to use instead of some volumes.
     *
     * @param meaning resolves {@code VOLUME@X}
     */
    public Map<VolumeName, SnapshotName> snapshots(Function<String, VolumeAt> meaning) {
      Map<VolumeName, SnapshotName> snapshots = new HashMap<>();
      earlier.forEach((name, text) -> snapshots.put(name, meaning.apply(text).at().orElseThrow()));
      return snapshots;
    }

    public int size() {
      return volumes.size() + problems.size();
    }
  }

  public Selected select(Session session) {
    boolean matching = all || !filters.isEmpty();
    WrongUse.throwIfAny(compose.conflict(matching || !names.isEmpty()));
    if (compose.given()) {
      return new Selected(compose.names(session), List.of());
    }
    if (matching == !names.isEmpty()) {
      throw new WrongUse(
          matching
              ? "conflicting options: volumes, and --all or --filter"
              : "requires a volume or --all");
    }
    return matching ? matching(session) : named(session);
  }

  /** The volumes that this host created and has here, without those of drills. */
  private Selected matching(Session session) {
    Volumes volumes = session.volumes();
    Listing listing =
        volumes.list(VolumeFilter.forList(FilterArguments.parse(filters), volumes.filterContext()));
    return new Selected(
        listing.volumes().stream()
            .filter(volume -> session.registry().catalog().own(volume).isPresent())
            .map(Volume::name)
            .filter(name -> isToSave(name, session.registry().layout().home(name)))
            .toList(),
        listing.problems());
  }

  private static boolean isToSave(VolumeName name, VolumeHome home) {
    return !ScratchVolume.isOne(name, home) && !ArchivedVolume.isIn(home);
  }

  private Selected named(Session session) {
    Set<VolumeName> volumes = new LinkedHashSet<>();
    Map<VolumeName, String> earlier = new HashMap<>();
    List<VolumeException> problems = new ArrayList<>();
    for (String text : new LinkedHashSet<>(names)) {
      Optional<EarlierVolume> at = EarlierVolume.of(session, "backup", text);
      String volume = at.map(EarlierVolume::volume).orElse(text);
      Optional<VolumeName> name = session.volumes().nameOf(volume);
      if (name.isEmpty()) {
        problems.add(new NotFound("backup", volume));
        continue;
      }
      boolean twice =
          !volumes.add(name.get()) && (at.isPresent() || earlier.containsKey(name.get()));
      WrongUse.throwIf(twice, "conflicting arguments: volume " + name.get() + " is named twice");
      if (at.isPresent()) {
        earlier.put(name.get(), text);
      }
    }
    return new Selected(List.copyOf(volumes), earlier, problems);
  }
}
