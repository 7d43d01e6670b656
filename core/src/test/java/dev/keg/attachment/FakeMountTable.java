package dev.keg.attachment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A mount table that a test fills. Its paths belong to the file system that asks. */
public final class FakeMountTable implements MountTable {
  private final List<String> targets = new ArrayList<>();
  private final Function<String, Path> paths;
  private int boots;

  public FakeMountTable(Function<String, Path> paths) {
    this.paths = paths;
  }

  public void mount(String target) {
    targets.add(target);
  }

  public void unmount(String target) {
    targets.remove(target);
  }

  /** Another boot: every mount is gone. */
  public void reboot() {
    boots++;
    targets.clear();
  }

  @Override
  public List<MountPoint> mounts() {
    return targets.stream()
        .map(target -> new MountPoint(paths.apply(target), "ext4", "/dev/fake", List.of("rw")))
        .toList();
  }

  @Override
  public String bootId() {
    return "boot-" + boots;
  }

  @Override
  public String hostId() {
    return "this-host";
  }
}
