package dev.keg.registry;

import dev.keg.error.RegistryException.AmbiguousId;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds a volume by its id. Reads descriptions only for a text that is not a volume's name. */
public final class IdLookup {
  private final VolumeRegistry registry;
  private final Map<VolumeName, VolumeId> seen = new HashMap<>();

  /** The ids, or their beginnings, by which volumes of these names were found. */
  private final Map<VolumeName, String> meant = new ConcurrentHashMap<>();

  IdLookup(VolumeRegistry registry) {
    this.registry = registry;
  }

  /**
   * The name of the volume that a text identifies: by its name, its id or the beginning of its id.
   * A name takes precedence. Empty if the text cannot identify a volume; other texts may still name
   * a missing one.
   */
  public Optional<VolumeName> nameOf(String text) {
    Optional<VolumeName> name = VolumeName.lookup(text);
    Optional<String> prefix = VolumeId.prefix(text);
    if (name.isEmpty() || prefix.isEmpty() || isVolume(name.get())) {
      return name;
    }
    List<VolumeName> found = withId(prefix.get());
    if (found.size() > 1) {
      throw new AmbiguousId(text, found.stream().map(VolumeName::text).toList());
    }
    if (found.isEmpty()) {
      return name;
    }
    meant.put(found.getFirst(), prefix.get());
    return Optional.of(found.getFirst());
  }

  /** The volume that a command means, whichever host has its data. */
  public Volume describe(String operation, VolumeName name) {
    return registry
        .find(name)
        .filter(this::isMeant)
        .orElseThrow(() -> new NotFound(operation, asked(name)));
  }

  /**
   * Whether it is the volume that a command means. If its name was found by an id, another volume
   * may have got the name since then.
   */
  public boolean isMeant(Volume volume) {
    return volume.details().id().text().startsWith(meant.getOrDefault(volume.name(), ""));
  }

  /** The same for a command that needs no description, and so may use a damaged volume. */
  public void requireMeant(String operation, VolumeName name) {
    if (meant.containsKey(name) && registry.find(name).filter(this::isMeant).isEmpty()) {
      throw new NotFound(operation, asked(name));
    }
  }

  /** The text by which a volume of that name was found. */
  private String asked(VolumeName name) {
    return meant.getOrDefault(name, name.text());
  }

  private boolean isVolume(VolumeName name) {
    return registry.isShared()
        ? registry.find(name).isPresent()
        : Files.exists(registry.layout().home(name).path());
  }

  private List<VolumeName> withId(String prefix) {
    if (!registry.isShared() && !Files.isDirectory(registry.layout().volumes())) {
      return List.of();
    }
    return registry.list().stream()
        .filter(RegistryEntry.Intact.class::isInstance)
        .map(entry -> ((RegistryEntry.Intact) entry).volume())
        .filter(volume -> volume.details().id().text().startsWith(prefix))
        .map(volume -> volume.name())
        .toList();
  }

  /**
   * Whether a volume has the id. Reads each description once, since restoring many volumes checks
   * many ids; so it may miss a volume that another process has recreated meanwhile.
   */
  public synchronized boolean isTaken(VolumeId id) {
    Set<VolumeName> names = Set.copyOf(registry.names());
    seen.keySet().retainAll(names);
    for (VolumeName name : names) {
      if (!seen.containsKey(name)) {
        id(name).ifPresent(found -> seen.put(name, found));
      }
    }
    return seen.containsValue(id);
  }

  /** Empty for a damaged volume, whose id is unknown. */
  private Optional<VolumeId> id(VolumeName name) {
    try {
      return registry.find(name).map(volume -> volume.details().id());
    } catch (VolumeException _) {
      return Optional.empty();
    }
  }
}
