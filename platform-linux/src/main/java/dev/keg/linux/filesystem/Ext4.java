package dev.keg.linux.filesystem;

import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ext4, by e2fsprogs. */
record Ext4() implements LinuxFileSystem {
  private static final int LONGEST_LABEL = 16;
  // The exit status of e2fsck(8) is a sum of these: errors were corrected; errors remain.
  private static final int CORRECTED = 1;
  private static final int NOT_CORRECTED = 4;
  private static final long INCOMPATIBLE_FEATURES = 1024 + 0x60;
  private static final int RECOVER = 4;
  // Otherwise the kernel initializes inode tables later, by punching holes into the image.
  private static final String ALLOCATED = ",nodiscard,lazy_itable_init=0,lazy_journal_init=0";

  @Override
  public String word() {
    return "ext4";
  }

  @Override
  public Size smallest() {
    return new Size(2 << 20);
  }

  // Reserve no blocks for root: users of a volume are seldom root.
  @Override
  public void make(Tools tools, Path device, NewFileSystem wanted) throws ToolException {
    List<String> arguments = new ArrayList<>(List.of("-q", "-F", "-m", "0"));
    arguments.addAll(
        List.of(
            "-E",
            "root_owner=%d:%d%s"
                .formatted(
                    wanted.ownership().uid().orElse(0),
                    wanted.ownership().gid().orElse(0),
                    wanted.allocated() ? ALLOCATED : "")));
    wanted.journal().ifPresent(mib -> arguments.addAll(List.of("-J", "size=" + mib)));
    wanted.label(LONGEST_LABEL).ifPresent(label -> arguments.addAll(List.of("-L", label)));
    arguments.add(device.toString());
    var _ = tools.run(Tool.of("mkfs.ext4", arguments));
    var _ =
        tools.run(
            Tool.of("debugfs", "-w", "-f", "-", device.toString())
                .withInput(
                    stdin -> stdin.write(finishing(wanted).getBytes(StandardCharsets.US_ASCII))));
  }

  // Many programs require an empty directory, and e2fsck recreates lost+found when necessary.
  private static String finishing(NewFileSystem wanted) {
    StringBuilder commands = new StringBuilder("rmdir lost+found\n");
    wanted
        .ownership()
        .mode()
        .ifPresent(mode -> commands.append("set_inode_field / mode 04%04o\n".formatted(mode)));
    return commands.toString();
  }

  /**
   * Does not use lazytime, although it suits many writes: after a power failure, a file could have
   * new content with its old times, and the next backup would treat it as unchanged.
   */
  @Override
  public List<FileSystemOption> mountOptions(boolean manyWrites) {
    return List.of(FileSystemOption.of("errors", "remount-ro"));
  }

  @Override
  public boolean makesOwner() {
    return true;
  }

  @Override
  public boolean grow(Tools tools, Path device, Path mountPoint) throws ToolException {
    try {
      var _ = tools.run(Tool.of("resize2fs", device.toString()).patiently());
      return true;
    } catch (ToolException e) {
      // ext4_resize_begin in the kernel's fs/ext4/resize.c requires CAP_SYS_RESOURCE.
      if (e.output().contains("Permission denied to resize")) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public boolean resizesUnmounted() {
    return true;
  }

  @Override
  public void resize(Tools tools, Path device, Size size) throws ToolException {
    check(tools, List.of("-f", "-y"), device);
    var _ =
        tools.run(Tool.of("resize2fs", device.toString(), (size.bytes() >> 10) + "K").patiently());
  }

  // Checksums contain the UUID unless their seed is stored separately; storing it keeps them valid.
  @Override
  public void renew(Tools tools, Path device) throws ToolException {
    check(tools, List.of("-p"), device);
    var _ =
        tools.run(
            Tool.of("tune2fs", "-O", "metadata_csum_seed", "-U", "random", device.toString()));
  }

  private static void check(Tools tools, List<String> how, Path device) throws ToolException {
    try {
      List<String> arguments = new ArrayList<>(how);
      arguments.add(device.toString());
      var _ = tools.run(Tool.of("e2fsck", arguments).patiently());
    } catch (ToolException e) {
      if (e.exit() != CORRECTED) {
        throw e;
      }
    }
  }

  // With -n, e2fsck ignores the journal and reports changes that are only there as damage.
  @Override
  public State examine(Tools tools, Path image, Duration limit) throws ToolException, IOException {
    return needsRecovery(image)
        ? State.UNFINISHED
        : LinuxFileSystem.run(
            tools, Tool.of("e2fsck", "-f", "-n", image.toString()).withLimit(limit), Ext4::found);
  }

  // e2fsck fails the same way without any superblock as with one that is too new for it.
  private static Optional<State> found(ToolException failure) {
    return (failure.exit() & NOT_CORRECTED) != 0
            || failure.output().contains("Bad magic number in super-block")
        ? Optional.of(State.DAMAGED)
        : Optional.empty();
  }

  /** s_feature_incompat of struct ext4_super_block in the kernel's fs/ext4/ext4.h. */
  private static boolean needsRecovery(Path image) throws IOException {
    ByteBuffer features = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      int read = channel.read(features, INCOMPATIBLE_FEATURES);
      return read == Integer.BYTES && (features.getInt(0) & RECOVER) != 0;
    }
  }

  @Override
  public CommandLines programs(Path image) {
    return new CommandLines("e2fsck -fn " + image, "e2fsck -f " + image);
  }
}
