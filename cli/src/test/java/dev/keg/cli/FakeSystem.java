package dev.keg.cli;

import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.activity.DeviceLog;
import dev.keg.activity.DeviceLog.Failure;
import dev.keg.activity.Devices;
import dev.keg.attachment.FakeMountTable;
import dev.keg.attachment.MountTable;
import dev.keg.cli.session.HostSystem;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.file.DirectorySync;
import dev.keg.machine.RunningMachine;
import dev.keg.platform.Platform;
import dev.keg.platform.Platforms;
import dev.keg.platform.SystemInfo;
import dev.keg.publish.Publisher;
import dev.keg.tree.FileTrees;
import dev.keg.tuning.FakeTuner;
import dev.keg.tuning.Tuner;
import dev.keg.volumeset.FakePublisher;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** This machine, with a fake kernel that only remembers mounts. */
final class FakeSystem implements HostSystem {
  private final Platforms platforms;
  private final List<Failure> failures = new ArrayList<>();

  FakeSystem(FileSystem files) {
    Platforms real = Platforms.on(System.getProperty("os.name", ""));
    FakeMountTable table = new FakeMountTable(files::getPath);
    platforms =
        new Platforms(
            new FakePlatform(real.here(), table, new FakePublisher(table), failures),
            real.elsewhere());
  }

  /** Makes the kernel report a failure of the single disk below all files. */
  void fail(String message) {
    failures.add(new Failure(Disk.NAME, Duration.ZERO, message));
  }

  @Override
  public Platforms platforms() {
    return platforms;
  }

  @Override
  public void pause(Duration time) {}

  private record Disk(String name) implements Device {
    static final String NAME = "sda";

    @Override
    public Optional<Counters> counters() {
      return Optional.empty();
    }
  }

  private record FakePlatform(
      Platform real, MountTable mountTable, Publisher publisher, List<Failure> failures)
      implements Platform {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public boolean runsOn(String osName) {
      return real.runsOn(osName);
    }

    @Override
    public List<DriverFactory> drivers() {
      return real.drivers();
    }

    @Override
    public SystemInfo info(Map<String, String> environment) {
      return real.info(environment);
    }

    @Override
    public Publisher publisher(DriverContext context) {
      return publisher;
    }

    @Override
    public Devices devices() {
      return _ -> Optional.of(new Disk(Disk.NAME));
    }

    @Override
    public DeviceLog deviceLog(Map<String, String> environment) {
      return () -> List.copyOf(failures);
    }

    @Override
    public Tuner tuner(Consumer<String> debug) {
      return new FakeTuner();
    }

    @Override
    public FileTrees trees() {
      return real.trees();
    }

    @Override
    public DirectorySync directorySync() {
      return real.directorySync();
    }

    @Override
    public Optional<RunningMachine> machine(String kind, String id) {
      return real.machine(kind, id);
    }
  }
}
