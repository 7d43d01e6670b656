package dev.keg.lifecycle;

import dev.keg.registry.Catalog;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.Sharing;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The catalog of a shared registry for tests: it contains the volumes of this host and records
 * calls. A test overrides what concerns other hosts.
 */
class FakeCatalog implements Catalog, Sharing {
  private final List<String> calls = new ArrayList<>();
  private @Nullable Catalog files;

  /** The calls so far, each with the volume's name. */
  final List<String> calls() {
    return calls;
  }

  private Catalog files() {
    return Objects.requireNonNull(files);
  }

  @Override
  public Catalog join(Catalog ofThisHost, RegistryLock lock) {
    files = ofThisHost;
    return this;
  }

  @Override
  public Optional<Volume> find(VolumeName name) {
    return files().find(name);
  }

  @Override
  public List<RegistryEntry> list() {
    return files().list();
  }

  @Override
  public List<VolumeName> names() {
    return files().names();
  }

  @Override
  public void publish(Volume volume, VolumeHome staged, UsableOn usableOn) {
    calls.add("publish " + volume.name() + " " + usableOn);
    files().publish(volume, staged, usableOn);
  }

  @Override
  public void replace(Volume read, UnaryOperator<Volume> change) {
    calls.add("replace " + read.name());
    files().replace(read, change);
  }

  @Override
  public void rename(VolumeName from, VolumeName to) {
    files().rename(from, to);
  }

  @Override
  public void withdraw(VolumeName name) {
    calls.add("withdraw " + name);
  }

  @Override
  public void offer(VolumeName name) {
    calls.add("offer " + name);
  }

  @Override
  public void remove(Collection<VolumeName> names, Size size) {
    calls.add("remove " + names);
    files().remove(names, size);
  }

  @Override
  public void remove(VolumeName name, Path data) {
    files().remove(name, data);
  }

  @Override
  public Volume accept(Volume existing, Options wanted) {
    calls.add("accept " + existing.name());
    return existing;
  }
}
