package dev.keg.health;

import dev.keg.activity.DeviceLog;
import dev.keg.activity.Devices;
import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.backup.writer.StopNotes;
import dev.keg.error.RegistryException.NotAccepted;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.Services;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.shared.SharedRegistry;
import dev.keg.usage.TreeScans;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountContext;
import dev.keg.volumeset.VolumeSets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Examines a root and finds problems. */
public final class Health {
  private final Services services;
  private final VolumeCheck volumeCheck;
  private final MountCheck mountCheck;
  private final RootCheck rootCheck;
  private final PoolCheck poolCheck;
  private final DeviceCheck deviceCheck;
  private final IdleDeviceCheck idleDeviceCheck;
  private final StopCheck stopCheck;
  private final Optional<HostCheck> hostCheck;

  /**
   * @param shared the registry of which the root is a part, if any
   */
  public Health(
      MountContext context, VolumeSets sets, Machine machine, Optional<SharedRegistry> shared) {
    this.services = context.services();
    this.volumeCheck = new VolumeCheck(services, machine.scans());
    this.mountCheck = new MountCheck(context, sets);
    this.rootCheck = new RootCheck(services.registry(), machine.scans());
    this.poolCheck = new PoolCheck(services.registry(), machine.scans());
    this.deviceCheck = new DeviceCheck(services, machine.devices(), machine.log());
    this.idleDeviceCheck = new IdleDeviceCheck(services);
    this.stopCheck = new StopCheck(machine.stopped());
    this.hostCheck = shared.map(HostCheck::new);
  }

  /**
   * The system's reports about the machine.
   *
   * @param stopped what backups have stopped on it
   */
  public record Machine(TreeScans scans, Devices devices, DeviceLog log, StopNotes stopped) {}

  /**
   * What to examine in addition to the volumes themselves.
   *
   * @param backups the maximum age of the newest backups; not checked if empty
   * @param storage examines images and disks; not checked if empty
   */
  public record ExtraChecks(Optional<BackupCheck> backups, Optional<StorageCheck> storage) {}

  /** Examines these volumes or, if none is named, all of them and the root. */
  public List<Finding> examine(Collection<String> names, ExtraChecks extra) {
    if (!services.registry().openForReading()) {
      names.stream().findFirst().ifPresent(Health::refuse);
      return List.of();
    }
    boolean all = names.isEmpty();
    List<Finding> findings = new ArrayList<>();
    List<Volume> volumes = all ? readable(findings) : named(names, findings);
    Map<VolumeName, List<MountPoint>> mounts = services.attachments().mounts().inside();
    for (Volume volume : volumes) {
      findings.addAll(ofNow(volume, mounts.getOrDefault(volume.name(), List.of())));
      findings.addAll(deviceCheck.of(volume));
      extra.backups().ifPresent(check -> findings.addAll(check.of(volume, services)));
      extra.storage().ifPresent(check -> findings.addAll(check.of(volume, services)));
    }
    if (all) {
      findings.addAll(mountCheck.stale());
      findings.addAll(idleDeviceCheck.look());
      findings.addAll(rootCheck.look());
      findings.addAll(poolCheck.look());
      findings.addAll(stopCheck.look());
      findings.addAll(deviceCheck.ofPlaces());
      hostCheck.ifPresent(check -> findings.addAll(check.look()));
    }
    return findings;
  }

  /** The problems of a volume, unless it was removed or renamed during the examination. */
  private List<Finding> ofNow(Volume volume, List<MountPoint> inside) {
    List<Finding> found = new ArrayList<>(volumeCheck.of(volume, inside));
    found.addAll(mountCheck.of(volume, inside));
    return found.isEmpty() || isThere(volume) ? found : List.of();
  }

  private boolean isThere(Volume volume) {
    try {
      return services
          .registry()
          .find(volume.name())
          .filter(now -> now.created().equals(volume.created()))
          .isPresent();
    } catch (VolumeException _) {
      // Its description is damaged by now, so the findings stand.
      return true;
    }
  }

  private static void refuse(String name) {
    throw new NotFound("check", name);
  }

  private List<Volume> readable(List<Finding> findings) {
    List<Volume> volumes = new ArrayList<>();
    for (RegistryEntry entry : services.registry().list()) {
      switch (entry) {
        case RegistryEntry.Intact(Volume volume) -> volumes.add(volume);
        case RegistryEntry.Broken(String name, VolumeException problem) ->
            findings.add(Finding.unreadable(name, problem));
      }
    }
    return volumes;
  }

  private List<Volume> named(Collection<String> names, List<Finding> findings) {
    Set<VolumeName> wanted = new LinkedHashSet<>();
    for (String name : names) {
      wanted.add(VolumeName.lookup(name).orElseThrow(() -> NotFound.ofVolume("check", name)));
    }
    List<Volume> volumes = new ArrayList<>();
    for (VolumeName name : wanted) {
      try {
        volumes.add(services.registry().get("check", name));
      } catch (NotFound | OnOtherHost | NotAccepted e) {
        throw e;
      } catch (VolumeException e) {
        findings.add(Finding.unreadable(name.text(), e));
      }
    }
    return volumes;
  }

  /**
   * Runs the repairs of these findings, and examines again what remains.
   *
   * @return the repaired findings, and the others
   */
  public Repaired repair(List<Finding> findings, Collection<String> names, ExtraChecks extra) {
    List<VolumeException> failures = new ArrayList<>();
    services.registry().openForWriting();
    for (Finding finding : findings) {
      try {
        finding.repair().ifPresent(Finding.Repair::run);
      } catch (VolumeException e) {
        failures.add(e);
      }
    }
    List<Finding> left = examine(names, extra);
    List<Finding> mended =
        findings.stream().filter(before -> left.stream().noneMatch(before::isSame)).toList();
    return new Repaired(mended, left, failures);
  }

  /** The result of repairs. */
  public record Repaired(List<Finding> mended, List<Finding> left, List<VolumeException> failures) {
    public Repaired {
      mended = List.copyOf(mended);
      left = List.copyOf(left);
      failures = List.copyOf(failures);
    }
  }
}
