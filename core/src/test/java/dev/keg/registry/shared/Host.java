package dev.keg.registry.shared;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.FakeMountTable;
import dev.keg.attachment.MemberMounts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Drivers;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.DirectorySync;
import dev.keg.file.WorkListener;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.record.RecordStore;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A process on one of the hosts of a shared registry. */
final class Host {
  static final Instant NOW = Instant.parse("2026-11-20T10:00:55Z");
  static final String SERVED = "served";

  private static final AtomicLong SEEDS = new AtomicLong();

  final String name;
  final RegistryLayout layout;
  final SharedRegistry shared;
  final VolumeRegistry registry;
  final Attachments attachments;
  final Volumes volumes;
  private final Drivers drivers;
  final List<String> warnings = new ArrayList<>();

  /** The volumes whose data a driver has deleted. */
  final List<String> deleted = new ArrayList<>();

  boolean refusesRemovals;

  Host(String name, Path root, RecordStore store) {
    this.name = name;
    SplittableRandom random = new SplittableRandom(SEEDS.incrementAndGet());
    layout = new RegistryLayout(root);
    shared =
        new SharedRegistry(
            store,
            layout,
            new SharedRegistry.Surroundings(
                name,
                DirectorySync.NONE,
                random,
                _ -> {},
                this::isAcceptable,
                warnings::add,
                _ -> {}));
    registry =
        new VolumeRegistry(
            layout, DirectorySync.NONE, random, _ -> {}, warnings::add, WorkListener.NONE, shared);
    FakeMountTable table = new FakeMountTable(root.getFileSystem()::getPath);
    attachments =
        new Attachments(registry, () -> new MemberMounts(table, shared.membership().host(), name));
    drivers =
        new Drivers(
            List.of(LocalDriver.directoriesOnly(), served()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    volumes = new Volumes(new Services(registry, attachments, drivers, clock, Secrets.NONE));
  }

  private boolean isAcceptable(Volume volume, Optional<Volume> accepted) {
    return drivers.isAcceptable(volume, accepted);
  }

  Attachment.Disk disk(String machine, boolean readOnly) {
    return new Attachment.Disk(machine, "vda", readOnly, NOW);
  }

  /** Takes the volume for a machine, as the commands for machines do. */
  void attach(String volume, Attachment holder) {
    registry.openForWriting();
    VolumeName volumeName = new VolumeName(volume);
    try (var _ = registry.lock().lock(volumeName)) {
      registry.get("attach", volumeName);
      attachments.add(volumeName, holder);
    }
  }

  void detach(String volume, Attachment holder) {
    registry.openForWriting();
    VolumeName volumeName = new VolumeName(volume);
    try (var _ = registry.lock().lock(volumeName)) {
      attachments.remove(volumeName, holder);
    }
  }

  /** A driver with its data on a server. */
  private DriverFactory served() {
    return new DriverFactory(
        SERVED,
        "for tests",
        List.of(
            new OptionDescriptor("server", "HOST", "").reaching(Reach.DATA),
            new OptionDescriptor("size", "SIZE", ""),
            new OptionDescriptor("credentials", "FILE", "").reaching(Reach.HOST)),
        _ -> new ServedDriver());
  }

  private final class ServedDriver implements VolumeDriver {
    @Override
    public boolean isOnServer(Volume volume) {
      return true;
    }

    @Override
    public void validate(DriverOptions options) {}

    @Override
    public void create(CreateRequest request) {
      new DataDirectory(request.volume().name(), request.home()).create(request.ownership());
    }

    @Override
    public void remove(Volume volume, VolumeHome home) {
      if (refusesRemovals) {
        throw new DriverFailed("remove", volume.name().text(), "the server refuses");
      }
      deleted.add(volume.name().text());
    }

    @Override
    public Path mount(MountRequest request) {
      return request.home().data();
    }

    @Override
    public void unmount(Volume volume, VolumeHome home) {}
  }
}
