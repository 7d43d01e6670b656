package dev.keg.lifecycle;

import dev.keg.attachment.Attachment;
import dev.keg.driver.Storage;
import dev.keg.registry.ArchivedVolume;
import dev.keg.volume.Protection;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A volume with what can be found out about it. Each fact is looked up when it is asked for first:
 * a list of names asks for none.
 */
public final class Overview implements VolumeFilter.Facts {
  private final Services services;
  private final Volume volume;
  private @Nullable Storage storage;
  private @Nullable List<Attachment> holders;

  private final boolean registered;

  Overview(Services services, Volume volume) {
    this.services = services;
    this.volume = volume;
    this.registered = true;
  }

  /** Of a volume that is not in the registry, where another may have its name. */
  Overview(Services services, Volume volume, Storage storage) {
    this.services = services;
    this.volume = volume;
    this.registered = false;
    this.storage = storage;
    this.holders = List.of();
  }

  @Override
  public Volume volume() {
    return volume;
  }

  /** Who holds the volume now, the oldest first. */
  public List<Attachment> holders() {
    if (holders == null) {
      holders = services.attachments().current(volume.name());
    }
    return holders;
  }

  /** What it lies on; for a driver or a host that is not this one, the volume's own directory. */
  public Storage storage() {
    if (storage == null) {
      var home = services.home(volume.name());
      storage =
          services
              .available(volume)
              .filter(_ -> !isArchived())
              .map(driver -> driver.storage(volume, home))
              .orElseGet(() -> Storage.fileSystem("", home.data()));
    }
    return storage;
  }

  /** Whether the volume is of this host alone; that of another system's driver counts as such. */
  public String scope() {
    return services
        .available(volume)
        .map(driver -> driver.scope(volume, services.home(volume.name())))
        .orElse("local");
  }

  @Override
  public VolumeStatus status() {
    if (isArchived()) {
      return VolumeStatus.ARCHIVED;
    }
    if (storage().missing()) {
      return VolumeStatus.MISSING;
    }
    return VolumeStatus.of(
        holders().stream()
            .map(h -> h instanceof Attachment.Mount ? VolumeStatus.IN_USE : VolumeStatus.ATTACHED));
  }

  @Override
  public boolean isHeld() {
    return !holders().isEmpty();
  }

  @Override
  public Set<String> holderNames() {
    return holders().stream().map(Attachment::holder).collect(Collectors.toSet());
  }

  @Override
  public Set<String> types() {
    return Stream.of(storage().type(), storage().format()).collect(Collectors.toSet());
  }

  @Override
  public Path path() {
    return storage().path();
  }

  @Override
  public String pool() {
    return services.registry().layout().places().poolOf(volume.name()).text();
  }

  private boolean isArchived() {
    return registered && ArchivedVolume.isIn(services.home(volume.name()));
  }

  /** The names of its snapshots. */
  public List<SnapshotName> snapshots() {
    return registered ? services.registry().snapshots().names(volume.name()) : List.of();
  }

  /** When somebody last began or ended to hold the volume. */
  public Optional<Instant> lastUsed() {
    return registered ? services.attachments().lastChange(volume.name()) : Optional.empty();
  }

  /** The protection that holds now. */
  public Protection protection() {
    Protection protection = volume.details().protection();
    return protection.holdsAt(services.clock().instant()) ? protection : Protection.none();
  }
}
