package dev.keg.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiskWriterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  private final Random random = new Random(1);
  private final DiskWriter writer =
      new DiskWriter(() -> new UUID(random.nextLong(), random.nextLong()), CLOCK);

  @ParameterizedTest
  @CsvSource({
    "RAW,  FIXED,   512,  3m",
    "RAW,  FIXED,   512,  1t",
    "VHD,  FIXED,   512,  3m",
    "VHD,  FIXED,   512,  10g",
    "VHD,  DYNAMIC, 512,  3m",
    "VHD,  DYNAMIC, 512,  2040g",
    "VHDX, FIXED,   512,  3m",
    "VHDX, FIXED,   4096, 100m",
    "VHDX, FIXED,   512,  4t",
    "VHDX, DYNAMIC, 512,  3m",
    "VHDX, DYNAMIC, 4096, 20g",
    "VHDX, DYNAMIC, 512,  64t",
    "VHDX, DYNAMIC, 4096, 64t",
  })
  void a_blank_disk_reads_back_as_it_was_asked_for(
      DiskFormat format, DiskKind kind, int sector, String size, @TempDir Path dir)
      throws IOException {
    Path file = dir.resolve("disk");
    Size wanted = Size.parseBinary(size);
    assumeFalse(
        OS.WINDOWS.isCurrentOs() && kind == DiskKind.FIXED && wanted.bytes() > 1 << 30,
        "NTFS would take up all of it, for the file must not be sparse");

    writer.blank(file, new BlankDisk(format, kind, wanted, sector));

    Disk disk = Disk.of(file);
    assertThat(disk.format()).isEqualTo(format);
    assertThat(disk.kind()).isEqualTo(kind);
    assertThat(disk.size()).isEqualTo(Size.parseBinary(size));
    assertThat(disk.sectorSize()).isEqualTo(sector);
    assertThat(disk.parent()).isEmpty();
    assertThat(disk.unclean()).isFalse();
    assertThat(disk.contiguous().isPresent()).isEqualTo(kind == DiskKind.FIXED);
  }

  @ParameterizedTest
  @CsvSource({
    "VHD,  2m,              a disk holds at least 3MiB",
    "VHDX, 3145727,         a disk holds at least 3MiB",
    "RAW,  0,               a disk holds at least 3MiB",
    "VHD,  2041g,           a vhd disk holds at most 1.992TiB",
    "VHDX, 65t,             a vhdx disk holds at most 64TiB",
    "VHDX, 4194305,         a disk of 4194305 bytes is not whole sectors",
  })
  void a_size_that_the_format_cannot_have_is_refused(DiskFormat format, String size, String why) {
    Size wanted = Size.parseBinary(size);
    assertThatThrownBy(() -> new BlankDisk(format, DiskKind.DYNAMIC, wanted))
        .isInstanceOf(InvalidSize.class)
        .hasMessage(why);
  }

  @Test
  void a_dynamic_disk_takes_up_next_to_nothing(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("disk.vhdx");

    writer.blank(file, new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("20g")));

    assertThat(Files.size(file)).isEqualTo(4L << 20);
  }

  @Test
  void two_disks_never_have_the_same_identity(@TempDir Path dir) throws IOException {
    BlankDisk disk = new BlankDisk(DiskFormat.VHDX, DiskKind.DYNAMIC, Size.parseBinary("1g"));
    writer.blank(dir.resolve("a"), disk);
    writer.blank(dir.resolve("b"), disk);

    assertThat(Disk.of(dir.resolve("a")).identity())
        .isNotEqualTo(Disk.of(dir.resolve("b")).identity());
    assertThat(Disk.of(dir.resolve("a")).linkage())
        .isNotEqualTo(Disk.of(dir.resolve("b")).linkage());
  }

  @Test
  void an_existing_file_is_neither_replaced_nor_removed(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("disk"), "precious");

    assertThatThrownBy(
            () ->
                writer.blank(
                    file, new BlankDisk(DiskFormat.RAW, DiskKind.FIXED, Size.parseBinary("3m"))))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("precious");
  }

  @ParameterizedTest
  @CsvSource({"VHD,512", "VHDX,512", "VHDX,4096"})
  void a_child_has_its_parents_size_and_names_it(DiskFormat format, int sector, @TempDir Path dir)
      throws IOException {
    Path base = Files.createDirectory(dir.resolve("base")).resolve("disk");
    Path child = Files.createDirectory(dir.resolve("child")).resolve("disk");
    writer.blank(base, new BlankDisk(format, DiskKind.DYNAMIC, Size.parseBinary("20g"), sector));

    writer.differencing(child, base);

    DiskChain chain = DiskChain.of(child);
    assertThat(chain.top().kind()).isEqualTo(DiskKind.DIFFERENCING);
    assertThat(chain.top().size()).isEqualTo(Size.parseBinary("20g"));
    assertThat(chain.top().sectorSize()).isEqualTo(sector);
    assertThat(chain.parents()).extracting(DiskChain.Link::file).containsExactly(base);
  }

  @Test
  void a_raw_disk_cannot_be_a_parent(@TempDir Path dir) throws IOException {
    Path base = dir.resolve("base");
    writer.blank(base, new BlankDisk(DiskFormat.RAW, DiskKind.FIXED, Size.parseBinary("3m")));

    assertThatThrownBy(() -> writer.differencing(dir.resolve("child"), base))
        .isInstanceOf(DiskException.class)
        .hasMessage(base + ": a raw disk cannot be a parent here");
    assertThat(dir.resolve("child")).doesNotExist();
  }
}
