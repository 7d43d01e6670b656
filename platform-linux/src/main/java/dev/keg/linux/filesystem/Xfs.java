package dev.keg.linux.filesystem;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** XFS, by xfsprogs. */
record Xfs() implements LinuxFileSystem {
  private static final int LONGEST_LABEL = 12;

  // xfs_repair exits with 1 whatever stops it.
  private static final List<String> COULD_NOT_LOOK =
      List.of(
          "fatal error -- ", "unsupported filesystem features", "Unsupported features detected");

  @Override
  public String word() {
    return "xfs";
  }

  @Override
  public Size smallest() {
    return new Size(300L << 20);
  }

  @Override
  public void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException {
    List<String> arguments = new ArrayList<>(List.of("-q", "-f"));
    if (wanted.allocated()) {
      arguments.add("-K");
    }
    wanted.journal().ifPresent(mib -> arguments.addAll(List.of("-l", "size=%dm".formatted(mib))));
    wanted.label(LONGEST_LABEL).ifPresent(label -> arguments.addAll(List.of("-L", label)));
    arguments.add(device.toString());
    var _ = tools.run(Tool.of("mkfs.xfs", arguments));
    if (!wanted.ownership().equals(Ownership.DEFAULT)) {
      var _ = tools.run(Tool.of("xfs_db", ownershipOf(wanted.ownership(), device)));
    }
  }

  // A prototype file of mkfs.xfs cannot express the sticky bit.
  private static List<String> ownershipOf(Ownership ownership, Path device) {
    List<String> arguments = new ArrayList<>(List.of("-x", "-c", "sb 0", "-c", "addr rootino"));
    ownership.uid().ifPresent(uid -> arguments.addAll(List.of("-c", "write core.uid " + uid)));
    ownership.gid().ifPresent(gid -> arguments.addAll(List.of("-c", "write core.gid " + gid)));
    ownership
        .mode()
        .ifPresent(
            mode -> arguments.addAll(List.of("-c", "write core.mode 04%04o".formatted(mode))));
    arguments.add(device.toString());
    return arguments;
  }

  // A copy has the UUID of its original, and XFS refuses to mount the same UUID twice.
  @Override
  public List<FileSystemOption> mountOptions(boolean manyWrites) {
    FileSystemOption copy = FileSystemOption.flag("nouuid");
    return manyWrites ? List.of(copy, FileSystemOption.of("logbsize", "256k")) : List.of(copy);
  }

  @Override
  public boolean makesOwner() {
    return true;
  }

  @Override
  public boolean grow(Tools tools, Path device, Path mountPoint) throws ToolException {
    var _ = tools.run(Tool.of("xfs_growfs", mountPoint.toString()));
    return true;
  }

  @Override
  public boolean resizesUnmounted() {
    return false;
  }

  @Override
  public void resize(Tools tools, Path device, Size size) {
    throw new IllegalStateException("XFS changes its size only while it is mounted");
  }

  @Override
  public void renew(Tools tools, Path device) {
    // Not needed: the mount option nouuid allows it.
  }

  // With -n, xfs_repair ignores the log and reports changes that are only there as damage.
  @Override
  public State examine(Tools tools, Path image, Duration limit) throws ToolException {
    return LinuxFileSystem.run(
        tools, Tool.of("xfs_repair", "-f", "-n", image.toString()).withLimit(limit), Xfs::found);
  }

  private static Optional<State> found(ToolException failure) {
    if (COULD_NOT_LOOK.stream().anyMatch(failure.output()::contains)) {
      return Optional.empty();
    }
    return Optional.of(
        failure.output().contains("valuable metadata changes in a log")
            ? State.UNFINISHED
            : State.DAMAGED);
  }

  @Override
  public CommandLines programs(Path image) {
    return new CommandLines("xfs_repair -fn " + image, "xfs_repair -f " + image);
  }
}
