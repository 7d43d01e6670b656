package dev.keg.driver;

import dev.keg.file.FileFailures;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A driver whose volumes are disks in the file {@code disk.raw}, beside a data directory. */
public final class FakeDiskDriver extends FakeDriver
    implements Disks, Snapshots, Renders, Examines, HasDevices {
  /** The reason why the files on a disk cannot be read. */
  public Optional<String> whyNoFiles = Optional.of("there are two file systems");

  public int open;

  /** The result of an examination. */
  public Supplier<Examined> examination = Examined.Sound::new;

  public final Set<IdleDevice> devices = new LinkedHashSet<>();

  public Size copyRoom = Size.ZERO;

  public FakeDiskDriver() {
    super("disks", new OptionDescriptor("size", "SIZE", "its size"));
  }

  @Override
  public Optional<String> whyNoFiles(Volume volume, VolumeHome home) {
    return whyNoFiles;
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return Storage.directory(home.file("disk.raw"));
  }

  @Override
  public MachineDisk machineDisk(Volume volume, VolumeHome home) {
    return new MachineDisk(home.file("disk.raw"), "raw", false);
  }

  @Override
  public OpenDisk openDisk(Volume volume, VolumeHome home) {
    open++;
    return new OpenDisk(home.path(), new TreeMap<>(Map.of("disk.raw", "disk.raw")), () -> open--);
  }

  @Override
  public OpenDisk emptyCopy(Volume volume, VolumeHome home) {
    Path copy = home.file("copy");
    FileFailures.run("create", copy, () -> Files.createFile(copy));
    return new OpenDisk(
        home.path(),
        new TreeMap<>(Map.of("disk.raw", "copy")),
        () -> FileFailures.run("delete", copy, () -> Files.delete(copy)));
  }

  @Override
  public OpenDisk emptyChanges(Volume volume, VolumeHome home) {
    return emptyCopy(volume, home);
  }

  @Override
  public Optional<Path> abandonedCopy(Volume volume, VolumeHome home) {
    return Optional.of(home.file("copy")).filter(Files::exists);
  }

  @Override
  public void removeAbandonedCopy(Volume volume, VolumeHome home) {
    Path copy = home.file("copy");
    FileFailures.run("delete", copy, () -> Files.delete(copy));
  }

  @Override
  public Size copyRoom(Volume volume, VolumeHome home) {
    return copyRoom;
  }

  @Override
  public void replaceDisk(Volume volume, VolumeHome home, Path stage) {
    FileFailures.run(
        "move",
        stage,
        () -> {
          Files.createDirectories(home.data());
          Files.move(
              stage.resolve("disk.raw"),
              home.file("disk.raw"),
              StandardCopyOption.REPLACE_EXISTING);
        });
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    FileFailures.run(
        "copy", home.path(), () -> Files.copy(home.file("disk.raw"), snapshot.file("disk.raw")));
  }

  @Override
  public Optional<String> whyNotShown(Volume volume, VolumeHome snapshot) {
    return whyNoFiles;
  }

  @Override
  public Shown show(MountRequest request) {
    throw new AssertionError("it said that it cannot");
  }

  @Override
  public Examined examine(Volume volume, VolumeHome home, Duration limit) {
    return examination.get();
  }

  @Override
  public List<IdleDevice> idleDevices(Path volumes) {
    return List.copyOf(devices);
  }

  @Override
  public void free(IdleDevice device) {
    devices.remove(device);
  }
}
