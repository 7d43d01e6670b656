package dev.keg.registry;

import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Volumes in memory, and entries that are none. */
final class MemoryCatalog implements Catalog {
  final Map<VolumeName, Volume> volumes = new TreeMap<>();
  final List<RegistryEntry.Broken> broken = new ArrayList<>();
  final Set<VolumeName> elsewhere = new HashSet<>();
  int opened;

  MemoryCatalog(Volume... volumes) {
    for (Volume volume : volumes) {
      this.volumes.put(volume.name(), volume);
    }
  }

  @Override
  public Optional<Volume> find(VolumeName name) {
    return Optional.ofNullable(volumes.get(name));
  }

  @Override
  public List<RegistryEntry> list() {
    List<RegistryEntry> all = new ArrayList<>(broken);
    volumes.values().forEach(volume -> all.add(new RegistryEntry.Intact(volume)));
    return all;
  }

  @Override
  public List<VolumeName> names() {
    return List.copyOf(volumes.keySet());
  }

  @Override
  public void publish(Volume volume, VolumeHome staged, UsableOn usableOn) {
    if (volumes.putIfAbsent(volume.name(), volume) != null) {
      throw new AlreadyExists("create", volume.name().text(), volume.name().text());
    }
  }

  @Override
  public void replace(Volume read, UnaryOperator<Volume> change) {
    volumes.computeIfPresent(read.name(), (_, now) -> change.apply(now));
  }

  @Override
  public void rename(VolumeName from, VolumeName to) {
    find(from).ifPresent(volume -> volumes.put(to, volume.withName(to)));
    volumes.remove(from);
  }

  @Override
  public void remove(Collection<VolumeName> names, Size size) {
    names.forEach(volumes::remove);
  }

  @Override
  public void remove(VolumeName name, Path data) {
    volumes.remove(name);
  }

  @Override
  public void requireHere(String operation, Volume volume) {
    if (elsewhere.contains(volume.name())) {
      throw new OnOtherHost(operation, volume.name().text(), "host2");
    }
  }

  @Override
  public void open() {
    opened++;
  }
}
