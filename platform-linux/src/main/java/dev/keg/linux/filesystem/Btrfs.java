package dev.keg.linux.filesystem;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Btrfs, by btrfs-progs. */
record Btrfs() implements LinuxFileSystem {
  private static final int LONGEST_LABEL = 255;

  @Override
  public String word() {
    return "btrfs";
  }

  @Override
  public Size smallest() {
    return new Size(128L << 20);
  }

  @Override
  public void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException {
    List<String> arguments = new ArrayList<>(List.of("-q", "-f"));
    if (wanted.allocated()) {
      arguments.add("-K");
    }
    wanted.label(LONGEST_LABEL).ifPresent(label -> arguments.addAll(List.of("-L", label)));
    arguments.add(device.toString());
    var _ = tools.run(Tool.of("mkfs.btrfs", arguments));
  }

  // mkfs.btrfs can copy a directory only without its owner.
  @Override
  public boolean makesOwner() {
    return false;
  }

  @Override
  public List<FileSystemOption> mountOptions(boolean manyWrites) {
    return List.of();
  }

  @Override
  public boolean grow(Tools tools, Path device, Path mountPoint) throws ToolException {
    var _ = tools.run(Tool.of("btrfs", "filesystem", "resize", "max", mountPoint.toString()));
    return true;
  }

  @Override
  public boolean shrinksMounted() {
    return true;
  }

  @Override
  public Size leastShrunk() {
    return new Size(256L << 20);
  }

  @Override
  public void shrink(Tools tools, Path mountPoint, Size size) throws ToolException {
    String bytes = Long.toString(size.bytes());
    var _ =
        tools.run(
            Tool.of("btrfs", "filesystem", "resize", bytes, mountPoint.toString()).patiently());
  }

  @Override
  public boolean resizesUnmounted() {
    return false;
  }

  @Override
  public void resize(Tools tools, Path device, Size size) {
    throw new IllegalStateException("btrfs changes its size only while it is mounted");
  }

  // The kernel identifies btrfs file systems by this UUID alone.
  @Override
  public void renew(Tools tools, Path device) throws ToolException {
    var _ = tools.run(Tool.of("btrfstune", "-f", "-m", device.toString()));
  }

  @Override
  public State examine(Tools tools, Path image, Duration limit) throws ToolException {
    return LinuxFileSystem.run(
        tools,
        Tool.of("btrfs", "check", "--readonly", image.toString()).withLimit(limit),
        Btrfs::found);
  }

  private static Optional<State> found(ToolException failure) {
    return failure.output().contains("because of unsupported option features")
        ? Optional.empty()
        : Optional.of(State.DAMAGED);
  }

  @Override
  public CommandLines programs(Path image) {
    // The manual advises against --repair.
    return new CommandLines("btrfs check --readonly " + image, "btrfs rescue");
  }
}
