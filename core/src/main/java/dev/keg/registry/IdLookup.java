package dev.keg.registry;

import dev.keg.error.RegistryException.AmbiguousId;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Finds a volume by its id. Descriptions are read only for a text that names no volume itself. */
record IdLookup(VolumeRegistry registry) {
  Optional<VolumeName> nameOf(String text) {
    Optional<VolumeName> name = VolumeName.lookup(text);
    Optional<String> prefix = VolumeId.prefix(text);
    if (name.isEmpty() || prefix.isEmpty() || isVolume(name.get())) {
      return name;
    }
    List<VolumeName> found = withId(prefix.get());
    if (found.size() > 1) {
      throw new AmbiguousId(text, found.stream().map(VolumeName::text).toList());
    }
    return found.isEmpty() ? name : Optional.of(found.getFirst());
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
}
