package dev.keg.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LinkedParentsTest {
  private final Random random = new Random(1);
  private final DiskWriter writer =
      new DiskWriter(
          () -> new UUID(random.nextLong(), random.nextLong()),
          Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  private Path root;

  @BeforeEach
  void root(@TempDir Path root) {
    this.root = root;
  }

  @ParameterizedTest
  @EnumSource(names = {"VHD", "VHDX"})
  void a_childs_directory_holds_its_whole_chain(DiskFormat format) throws IOException {
    Path base = volume("base");
    writer.blank(base, new BlankDisk(format, DiskKind.DYNAMIC, Size.parseBinary("1g")));
    Path child = child("child", base);
    child("grandchild", child);

    delete(root.resolve("base"));
    delete(root.resolve("child"));
    Path moved = Files.move(root.resolve("grandchild"), root.resolve("moved"));

    assertThat(DiskChain.of(moved.resolve("disk.vhdx")).links())
        .extracting(link -> link.file().getFileName().toString())
        .containsExactly("disk.vhdx", "base-1.vhdx", "base-0.vhdx");
  }

  @Test
  void a_parent_elsewhere_stays_there() throws IOException {
    Path image = root.resolve("image.vhdx");
    writer.blank(image, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("1g")));
    Path base = volume("base");
    writer.differencing(base, image);

    Path child = child("child", base);

    assertThat(DiskChain.of(child).links())
        .extracting(DiskChain.Link::file)
        .containsExactly(child, child.resolveSibling("base-0.vhdx"), image);
    assertThat(Files.getAttribute(image, "unix:nlink")).isEqualTo(1);
    assertThat(Files.getAttribute(base, "unix:nlink")).isEqualTo(2);
  }

  private Path volume(String name) throws IOException {
    return Files.createDirectory(root.resolve(name)).resolve("disk.vhdx");
  }

  private Path child(String name, Path parent) throws IOException {
    Path child = volume(name);
    writer.differencing(
        child, LinkedParents.into(root.resolve(name), parent, Disk.of(parent).format()));
    return child;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
