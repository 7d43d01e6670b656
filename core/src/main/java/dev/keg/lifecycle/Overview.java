package dev.keg.lifecycle;

import dev.keg.attachment.Attachment;
import dev.keg.driver.Storage;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.pool.Places;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
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
 * A volume with its derived facts. Each fact is determined when it is first requested: a list of
 * names requests none.
 */
public final class Overview implements VolumeFilter.Facts {
  private final Services services;
  private final Volume volume;
  private final boolean registered;
  private @Nullable PoolName pool;
  private @Nullable VolumeHome home;
  private @Nullable Storage storage;
  private @Nullable List<Attachment> holders;
  private boolean askedForLastUse;
  private Optional<Instant> lastUsed = Optional.empty();

  Overview(Services services, Volume volume) {
    this.services = services;
    this.volume = volume;
    this.registered = true;
  }

  /** For a volume outside the registry, where another may have its name. */
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
      holders = wasNeverHeld() ? List.of() : services.attachments().current(volume.name(), home());
    }
    return holders;
  }

  /** How it is stored; for a driver of another system or host, the volume's own directory. */
  public Storage storage() {
    if (storage == null) {
      storage =
          services
              .available(volume)
              .filter(_ -> !isArchived())
              .map(driver -> driver.storage(volume, home()))
              .orElseGet(() -> Storage.fileSystem("", home().data()));
    }
    return storage;
  }

  /** Whether the volume is local to this host; one with another system's driver counts as local. */
  public String scope() {
    return services.available(volume).map(driver -> driver.scope(volume, home())).orElse("local");
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
    return poolName().text();
  }

  private PoolName poolName() {
    if (pool == null) {
      pool = places().poolOf(volume.name());
    }
    return pool;
  }

  /** Its home, in the root or in a pool, which must be available. */
  VolumeHome home() {
    if (home == null) {
      home = places().of(volume.name(), poolName()).home(volume.name());
    }
    return home;
  }

  private Places places() {
    return services.registry().layout().places();
  }

  /** Marks it as in the root, if that is known of all volumes. */
  Overview inNoPool() {
    pool = PoolName.DEFAULT;
    return this;
  }

  boolean isArchived() {
    return registered && !poolName().isDefault() && ArchivedVolume.isIn(home());
  }

  /** The names of its snapshots. */
  public List<SnapshotName> snapshots() {
    return registered ? services.registry().snapshots().names(home()) : List.of();
  }

  /** When somebody last began or ended to hold the volume. */
  public Optional<Instant> lastUsed() {
    if (registered && !askedForLastUse) {
      lastUsed = services.attachments().lastChange(volume.name(), home());
      askedForLastUse = true;
    }
    return lastUsed;
  }

  // Only if that is already known: otherwise finding out takes as long as the answer.
  private boolean wasNeverHeld() {
    return askedForLastUse && lastUsed.isEmpty() && !services.registry().isShared();
  }

  /** The protection that currently applies. */
  public Protection protection() {
    Protection protection = volume.details().protection();
    return protection.holdsAt(services.clock().instant()) ? protection : Protection.none();
  }
}
