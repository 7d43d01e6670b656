package dev.keg.driver;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The contract, for the smallest driver that sets something up. */
final class DirectoryDriverTest extends DriverContract {
  private final Mounts mounts = new Mounts();

  @Override
  protected DriverFactory factory() {
    return new DriverFactory(
        "directory",
        "a directory",
        List.of(new OptionDescriptor("size", "SIZE", "how much it may hold")),
        _ -> new DirectoryDriver(mounts));
  }

  @Override
  protected FakeWorld world() {
    return mounts;
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "1g");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("size", "large", "colour", "red");
  }

  private static final class Mounts implements FakeWorld {
    private final Faults faults = new Faults();
    private final SortedSet<String> standing = new TreeSet<>();

    void mount(String target) {
      call("mount", target);
      standing.add(target);
    }

    void unmount(String target) {
      call("unmount", target);
      standing.remove(target);
    }

    private void call(String operation, String target) {
      if (faults.hit()) {
        throw new DriverFailed(operation, target, "input/output error");
      }
    }

    @Override
    public SortedSet<String> standing() {
      return new TreeSet<>(standing);
    }

    @Override
    public Faults faults() {
      return faults;
    }
  }

  private record DirectoryDriver(Mounts mounts) implements VolumeDriver {
    @Override
    public void validate(DriverOptions options) {
      var _ = options.size("size");
    }

    @Override
    public void create(CreateRequest request) {
      try {
        Files.createDirectory(request.home().data());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void remove(Volume volume, VolumeHome home) {
      mounts.unmount(home.data().toString());
    }

    @Override
    public Path mount(MountRequest request) {
      mounts.mount(request.home().data().toString());
      return request.home().data();
    }

    @Override
    public void unmount(Volume volume, VolumeHome home) {
      mounts.unmount(home.data().toString());
    }
  }
}
