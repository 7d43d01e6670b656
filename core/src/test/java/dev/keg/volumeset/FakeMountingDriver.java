package dev.keg.volumeset;

import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.ClosesFiles;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.Faults;
import dev.keg.driver.KnowsHolders;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Snapshots;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A driver whose volumes are visible only while they are mounted, in a fake mount table. */
final class FakeMountingDriver extends FakeDriver implements ClosesFiles, Snapshots, KnowsHolders {
  private final FakeMountTable table;
  private final Faults faults;

  /** Whether each mount was read-only. */
  final List<Boolean> readOnly = new ArrayList<>();

  /** Whether the mount is in use. */
  boolean unmountFails;

  /** Whether closing a visible snapshot fails. */
  boolean showingFails;

  /** The number of visible snapshots. */
  int shown;

  /** The reason why it cannot work, if any. */
  Optional<String> obstacle = Optional.empty();

  /** The holders that ended while there were others. */
  final List<String> released = new ArrayList<>();

  /** The volumes whose files were closed. */
  final List<String> closed = new ArrayList<>();

  FakeMountingDriver(FakeMountTable table, Faults faults) {
    super("mounting", new OptionDescriptor("size", "SIZE", "how large"));
    this.table = table;
    this.faults = faults;
  }

  @Override
  public void validate(DriverOptions options) {
    options.size("size");
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    unmount(volume, home);
  }

  @Override
  public Path mount(MountRequest request) {
    call("mount", request.volume());
    readOnly.add(request.readOnly());
    String data = request.home().data().toString();
    if (table.mounts().stream().noneMatch(mount -> mount.target().toString().equals(data))) {
      table.mount(data);
    }
    return request.home().data();
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    call("unmount", volume);
    if (unmountFails) {
      throw new DriverFailed("unmount", volume.name().text(), "busy");
    }
    table.unmount(home.data().toString());
  }

  @Override
  public void release(Volume volume, VolumeHome home, String holder) {
    released.add(volume.name().text());
  }

  @Override
  public void closeAndUnmount(Volume volume, VolumeHome home) {
    closed.add(volume.name().text());
    unmount(volume, home);
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    call("snapshot create", volume);
  }

  @Override
  public Shown show(MountRequest request) {
    call("mount", request.volume());
    shown++;
    Path root =
        request.home().path().resolve("/shown").resolve(request.home().path().getFileName());
    return new Shown() {
      @Override
      public Path data() {
        return root;
      }

      @Override
      public void close() {
        shown--;
        if (showingFails) {
          throw new DriverFailed("unmount", "snapshot", "busy");
        }
      }
    };
  }

  private void call(String operation, Volume volume) {
    if (faults.hit()) {
      throw new DriverFailed(operation, volume.name().text(), "told to fail");
    }
  }
}
