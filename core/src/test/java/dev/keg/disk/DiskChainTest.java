package dev.keg.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DiskChainTest {
  private final Random random = new Random(1);
  private final DiskWriter writer =
      new DiskWriter(
          () -> new UUID(random.nextLong(), random.nextLong()),
          Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  private Path dir;

  @BeforeEach
  void directory(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void a_chain_is_followed_to_its_base() throws IOException {
    Path base = base(DiskFormat.VHDX);
    Path middle = child("middle", base);
    Path top = child("top", middle);

    assertThat(DiskChain.of(top).links())
        .extracting(DiskChain.Link::file)
        .containsExactly(top, middle, base);
  }

  @Test
  void a_chain_moves_as_a_whole() throws IOException {
    Path old = Files.createDirectory(dir.resolve("old"));
    Path base = old.resolve("base");
    writer.blank(base, vhdx());
    writer.differencing(old.resolve("top"), base);

    Path moved = Files.move(old, dir.resolve("new"));

    assertThat(DiskChain.of(moved.resolve("top")).links()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"VHD", "VHDX"})
  void a_missing_parent_is_named(DiskFormat format) throws IOException {
    Path base = base(format);
    Path top = child("top", base);
    Files.delete(base);

    assertThatThrownBy(() -> DiskChain.of(top))
        .isInstanceOf(DiskException.class)
        .hasMessageStartingWith(top + ": its parent is missing: ")
        .hasMessageEndingWith("base");
  }

  @ParameterizedTest
  @EnumSource(names = {"VHD", "VHDX"})
  void a_parent_that_was_replaced_is_noticed(DiskFormat format) throws IOException {
    Path base = base(format);
    Path top = child("top", base);
    Files.delete(base);
    base(format);

    assertThatThrownBy(() -> DiskChain.of(top))
        .isInstanceOf(DiskException.class)
        .hasMessage("%s: its parent %s was replaced or written".formatted(top, base));
  }

  @Test
  void a_circle_is_noticed_also_where_a_link_closes_it() throws IOException {
    Path one = dir.resolve("one");
    Path two = dir.resolve("two");
    qcow2(one, "two");
    Files.createSymbolicLink(two, one);

    assertThatThrownBy(() -> DiskChain.of(one))
        .isInstanceOf(DiskException.class)
        .hasMessage("%s: its chain of parents comes back to %s".formatted(one, two));
  }

  @Test
  void a_qcow2_names_its_backing_file_as_seen_from_its_directory() throws IOException {
    Path base = dir.resolve("base.raw");
    writer.blank(base, new BlankDisk(DiskFormat.RAW, DiskKind.FIXED, Size.parseBinary("3m")));
    Path top = dir.resolve("top.qcow2");
    qcow2(top, "base.raw");

    assertThat(DiskChain.of(top).links())
        .extracting(DiskChain.Link::file)
        .containsExactly(top, base);
  }

  @Test
  void a_backing_file_elsewhere_than_in_a_file_is_refused() throws IOException {
    Path top = dir.resolve("top.qcow2");
    qcow2(top, "nbd://example.org/disk");

    assertThatThrownBy(() -> DiskChain.of(top))
        .isInstanceOf(DiskException.class)
        .hasMessage(top + ": its backing file is not a file: nbd://example.org/disk");
  }

  @ParameterizedTest
  @EnumSource(names = {"VHD", "VHDX"})
  void on_windows_a_child_knows_its_parent_by_both_paths(DiskFormat format) throws IOException {
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      Path volumes = Files.createDirectories(windows.getPath("C:\\keg\\volumes"));
      Path base = Files.createDirectory(volumes.resolve("base")).resolve("disk");
      Path top = Files.createDirectory(volumes.resolve("top")).resolve("disk");
      writer.blank(base, new BlankDisk(format, DiskKind.DYNAMIC, Size.parseBinary("1g")));
      writer.differencing(top, base);

      ParentLink link = Disk.of(top).parent().orElseThrow();
      assertThat(link.absolute()).contains("C:\\keg\\volumes\\base\\disk");
      assertThat(link.relative().orElse("")).endsWith("..\\base\\disk");

      Path elsewhere = Files.createDirectories(windows.getPath("C:\\else\\where\\deeper"));
      Path moved = Files.move(top, elsewhere.resolve("disk"), StandardCopyOption.ATOMIC_MOVE);
      assertThat(DiskChain.of(moved).links()).hasSize(2);
    }
  }

  private static BlankDisk vhdx() {
    return new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("1g"));
  }

  private Path base(DiskFormat format) throws IOException {
    Path base = dir.resolve("base");
    writer.blank(base, new BlankDisk(format, DiskKind.DYNAMIC, Size.parseBinary("1g")));
    return base;
  }

  private Path child(String name, Path parent) throws IOException {
    Path child = dir.resolve(name);
    writer.differencing(child, parent);
    return child;
  }

  /** The header of a version-2 image with a backing file. */
  private static void qcow2(Path file, String backing) throws IOException {
    Files.write(file, Qcow2Bytes.header(2, 1 << 20, backing));
  }
}
