package dev.keg.attachment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A mount table that a test fills. Its paths belong to the file system that asks. */
public final class FakeMountTable implements MountTable {
  private final List<String> targets;
  private final AtomicInteger boots;
  private final Function<String, Path> paths;
  private final Map<String, Long> elsewhere = new HashMap<>();

  public FakeMountTable(Function<String, Path> paths) {
    this(new ArrayList<>(), new AtomicInteger(), paths);
  }

  private FakeMountTable(List<String> targets, AtomicInteger boots, Function<String, Path> paths) {
    this.targets = targets;
    this.boots = boots;
    this.paths = paths;
  }

  /** The same machine, as a process sees it whose paths belong to another file system. */
  public FakeMountTable seenFrom(Function<String, Path> otherPaths) {
    return new FakeMountTable(targets, boots, otherPaths);
  }

  public Path path(String text) {
    return paths.apply(text);
  }

  public void mount(String target) {
    targets.add(target);
  }

  public void unmount(String target) {
    targets.remove(target);
  }

  /** From now on only a process with this number, in a mount namespace of its own, has it. */
  public void move(String target, long process) {
    targets.remove(target);
    elsewhere.put(target, process);
  }

  @Override
  public Optional<Long> processWith(Path target) {
    return Optional.ofNullable(elsewhere.get(target.toString()));
  }

  /** Another boot: every mount is gone. */
  public void reboot() {
    boots.incrementAndGet();
    targets.clear();
    elsewhere.clear();
  }

  @Override
  public List<MountPoint> mounts() {
    return targets.stream()
        .map(target -> new MountPoint(paths.apply(target), "ext4", "/dev/fake", List.of("rw")))
        .toList();
  }

  @Override
  public String bootId() {
    return "boot-" + boots.get();
  }

  @Override
  public String hostId() {
    return "this-host";
  }
}
