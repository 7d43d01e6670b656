package dev.keg.driver;

import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A driver that only takes notes, and fails when it is told to. Options: colour, shape. */
public final class FakeDriver implements VolumeDriver {
  private final List<String> calls = new ArrayList<>();
  private String failing = "";

  /** What a driver that is told to fail throws. */
  public static final class Failed extends RuntimeException {
    Failed(String operation) {
      super("told to fail: " + operation);
    }
  }

  public void failOn(String operation) {
    failing = operation;
  }

  /** The operations so far, each with the volume's name. */
  public List<String> calls() {
    return calls;
  }

  public DriverFactory factory() {
    return new DriverFactory(
        "fake",
        "takes notes",
        List.of(
            new OptionDescriptor("colour", "red|blue", "what it looks like"),
            new OptionDescriptor("shape", "WORD", "what it feels like")),
        _ -> this);
  }

  private void note(String operation, Volume volume) {
    calls.add(operation + " " + volume.name());
    if (operation.equals(failing)) {
      throw new Failed(operation);
    }
  }

  @Override
  public void validate(DriverOptions options) {
    options.choice("colour", "red", List.of("red", "blue"));
  }

  @Override
  public void create(CreateRequest request) {
    Path data = request.home().data();
    FileFailures.run("create", data, () -> Files.createDirectory(data));
    note("create", request.volume());
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    note("remove", volume);
  }

  @Override
  public Path mount(MountRequest request) {
    note("mount", request.volume());
    return request.home().data();
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    note("unmount", volume);
  }
}
