package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.loop.LoopDriver;
import dev.keg.usage.SeenTree;
import dev.keg.usage.TreeMeter;
import dev.keg.usage.TreeMeter.Measured;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeUsage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A remembered tree is valid exactly as long as nothing has changed. */
@NeedsRoot
@NeedsKernel({"loop", "ext4", "xfs", "btrfs"})
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@NeedsTool(value = "mkfs.xfs", from = "xfsprogs")
@NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
class SeenTreesIT {
  @RegisterExtension final MachineState machine = new MachineState();

  /** A volume with its own file system, and a part of it that stays mapped into memory. */
  private record Bed(RealDriver driver, Made made, Arena mapped) implements AutoCloseable {
    Path tree() {
      return made.data();
    }

    Path deep() {
      return tree().resolve("a/b/c/d/e");
    }

    void mountAgain() {
      mapped.close();
      driver.unmount(made);
      driver.mount(made);
    }

    @Override
    public void close() throws IOException {
      if (mapped.scope().isAlive()) {
        mapped.close();
      }
      driver.unmount(made);
      driver.remove(made);
    }
  }

  private Bed bed(String fileSystem) throws IOException {
    RealDriver driver = new RealDriver(LoopDriver.factory(Kernel::open), machine.directory());
    Made made = driver.create("db", Map.of("size", "512m", "fs", fileSystem));
    driver.mount(made);
    Bed bed = new Bed(driver, made, Arena.ofConfined());
    Files.createDirectories(bed.deep());
    Files.write(bed.deep().resolve("deep"), new byte[100]);
    Files.write(bed.tree().resolve("file"), new byte[100_000]);
    Files.createDirectory(bed.tree().resolve("empty"));
    append(bed.tree().resolve("hole"), 1 << 20, 1);
    return bed;
  }

  private static void append(Path file, long at, int bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(bytes), at);
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private interface Change {
    void run() throws Exception;
  }

  private static MemorySegment map(Path file, Arena mapped) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), mapped);
    }
  }

  private static Map<String, Change> changes(Bed bed) throws IOException {
    Path tree = bed.tree();
    Path deep = bed.deep();
    MemorySegment hole = map(tree.resolve("hole"), bed.mapped());
    Map<String, Change> all = new LinkedHashMap<>();
    all.put("a file comes", () -> Files.write(tree.resolve("new"), new byte[9000]));
    all.put("a file grows in place", () -> append(tree.resolve("file"), 100_000, 70_000));
    all.put("a file becomes sparse", () -> append(tree.resolve("new"), 10 << 20, 1));
    all.put("a file shrinks", () -> truncate(tree.resolve("file"), 5));
    all.put("a hole gets blocks", () -> append(tree.resolve("hole"), 0, 70_000));
    all.put(
        "a hole gets blocks by a mapping",
        () -> hole.set(ValueLayout.JAVA_BYTE, 500_000, (byte) 1));
    all.put("and again, a page further", () -> hole.set(ValueLayout.JAVA_BYTE, 700_000, (byte) 1));
    all.put("a second name", () -> Files.createLink(deep.resolve("link"), tree.resolve("file")));
    all.put("a name goes", () -> Files.delete(tree.resolve("file")));
    all.put("the last name goes", () -> Files.delete(deep.resolve("link")));
    all.put("a file moves", () -> Files.move(tree.resolve("new"), tree.resolve("empty/moved")));
    all.put("a file far below grows", () -> append(deep.resolve("deep"), 100, 5000));
    all.put("a directory comes", () -> Files.createDirectory(deep.resolve("new")));
    all.put("a directory goes", () -> Files.delete(deep.resolve("new")));
    all.put(
        "a mode changes",
        () ->
            Files.setPosixFilePermissions(
                deep.resolve("deep"), PosixFilePermissions.fromString("rw-------")));
    all.put("a link comes", () -> Files.createSymbolicLink(tree.resolve("to"), Path.of("a")));
    all.put(
        "something is mounted inside",
        () -> run("mount", "-t", "tmpfs", "tmpfs", "" + tree.resolve("empty")));
    all.put("it is unmounted", () -> run("umount", "" + tree.resolve("empty")));
    all.put("the volume is unmounted and mounted again", bed::mountAgain);
    return all;
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  private static Measured measure(Path tree, Optional<SeenTree> before) {
    try (TreeMeter meter = new TreeMeter(new LinuxTreeScans(), TreeScan.Listener.NONE)) {
      return meter.start(tree, before).join().orElseThrow();
    }
  }

  /**
   * Measures until nothing is written any more, since the file system also works in the background.
   */
  private static Optional<SeenTree> seen(Path tree) {
    Optional<SeenTree> before = Optional.empty();
    for (int i = 0; i < 100; i++) {
      Measured measured = measure(tree, before);
      before = measured.state().map(state -> new SeenTree(state, Instant.EPOCH, measured.tree()));
      if (measured.unchanged()) {
        return before;
      }
    }
    throw new AssertionError("the file system is never still");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void every_change_is_seen(String fileSystem) throws Exception {
    try (Bed bed = bed(fileSystem)) {
      assumeTrue(
          measure(bed.tree(), Optional.empty()).state().isPresent(),
          "needs a kernel that tells of changes in " + fileSystem);
      Optional<SeenTree> before = seen(bed.tree());
      for (Map.Entry<String, Change> change : changes(bed).entrySet()) {
        change.getValue().run();

        Measured after = measure(bed.tree(), before);

        TreeUsage now = TreeMeter.measure(new LinuxTreeScans(), bed.tree());
        assertThat(after.tree()).as(change.getKey()).isEqualTo(now);
        if (after.state().isPresent()) {
          before = seen(bed.tree());
        }
      }
    }
  }
}
