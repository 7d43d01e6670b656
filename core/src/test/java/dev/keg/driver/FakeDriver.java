package dev.keg.driver;

import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A driver for tests: a volume is a directory, and every call is recorded and fails on request. A
 * test extends it with the power that it needs.
 */
public class FakeDriver implements VolumeDriver {
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final String name;
  private final List<OptionDescriptor> options;
  private String failing = "";

  public FakeDriver(String name, OptionDescriptor... options) {
    this.name = name;
    this.options = List.of(options);
  }

  /** The exception of a driver that is told to fail. */
  public static final class Failed extends RuntimeException {
    Failed(String operation) {
      super("told to fail: " + operation);
    }
  }

  public final void failOn(String operation) {
    failing = operation;
  }

  /** The operations so far, each with the volume's name. */
  public final List<String> calls() {
    return calls;
  }

  public final DriverFactory factory() {
    return new DriverFactory(name, "for tests", options, _ -> this);
  }

  private void note(String operation, Volume volume) {
    calls.add(operation + " " + volume.name());
    if (operation.equals(failing)) {
      throw new Failed(operation);
    }
  }

  @Override
  public void validate(DriverOptions options) {}

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
  public void limitSuccessor(Volume volume, VolumeHome home, Path directory, boolean linked) {
    note(linked ? "limit linked" : "limit", volume);
  }

  @Override
  public void unlimit(Volume volume, VolumeHome home, Path directory) {
    note("unlimit", volume);
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
