package dev.keg.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.volume.Size;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads unusual and damaged images. */
final class DiskTest {
  private final Random random = new Random(1);
  private final DiskWriter writer =
      new DiskWriter(
          () -> new UUID(random.nextLong(), random.nextLong()),
          Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  private Path file;

  @BeforeEach
  void file(@TempDir Path dir) {
    file = dir.resolve("disk");
  }

  @Test
  void a_format_is_known_by_content() throws IOException {
    Files.write(file, Qcow2Bytes.header(3, 1 << 20, ""));
    assertThat(DiskFormat.of(file)).isEqualTo(DiskFormat.QCOW2);

    byte[] iso = new byte[20 * 2048];
    System.arraycopy("CD001".getBytes(StandardCharsets.US_ASCII), 0, iso, 16 * 2048 + 1, 5);
    Files.write(file, iso);
    assertThat(DiskFormat.of(file)).isEqualTo(DiskFormat.ISO);

    Files.write(file, new byte[0]);
    assertThat(DiskFormat.of(file)).isEqualTo(DiskFormat.RAW);
    Files.writeString(file, "vhdx");
    assertThat(DiskFormat.of(file)).isEqualTo(DiskFormat.RAW);
  }

  @ParameterizedTest
  @CsvSource({
    // the place of the damage, and the message; empty if the image is read nevertheless
    "VHDX, 0x10000,  ''",
    "VHDX, 0x20000,  ''",
    "VHDX, 0x30000,  ''",
    "VHDX, 0x40000,  ''",
    "VHDX, 0x200000, the metadata of this vhdx is damaged",
    "VHDX, 0x200020, it requires an unknown feature of vhdx",
    "VHDX, 0x210000, the metadata of this vhdx describes an impossible disk",
    "VHD,  0,        ''",
  })
  void a_damaged_copy_is_replaced_and_other_damage_is_reported(
      DiskFormat format, String at, String told) throws IOException {
    blank(format, DiskKind.DYNAMIC);

    overwrite(Long.decode(at), 0xA5);

    if (told.isEmpty()) {
      assertThat(Disk.of(file, format).size()).isEqualTo(Size.parseBinary("64m"));
    } else {
      assertThatThrownBy(() -> Disk.of(file, format))
          .isInstanceOf(DiskException.class)
          .hasMessageStartingWith(file + ": " + told);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "VHDX, 0x10000, 0x20000, both headers of this vhdx are damaged",
    "VHDX, 0x30000, 0x40000, both region tables of this vhdx are damaged",
  })
  void damage_to_both_copies_is_reported(
      DiskFormat format, String first, String second, String told) throws IOException {
    blank(format, DiskKind.DYNAMIC);

    overwrite(Long.decode(first), 0xA5);
    overwrite(Long.decode(second), 0xA5);

    assertThatThrownBy(() -> Disk.of(file, format)).hasMessage(file + ": " + told);
  }

  @Test
  void a_dynamic_vhd_survives_the_loss_of_its_last_footer() throws IOException {
    blank(DiskFormat.VHD, DiskKind.DYNAMIC);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() - 512);
    }

    assertThat(Disk.of(file).size()).isEqualTo(Size.parseBinary("64m"));
  }

  @Test
  void a_fixed_vhd_that_lost_data_is_not_believed() throws IOException {
    blank(DiskFormat.VHD, DiskKind.FIXED);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOfRange(whole, 1 << 20, whole.length));

    assertThatThrownBy(() -> Disk.of(file))
        .hasMessage(file + ": it is shorter than the disk that it holds");
  }

  @Test
  void an_image_that_ends_early_is_reported() throws IOException {
    blank(DiskFormat.VHDX, DiskKind.DYNAMIC);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 1 << 20));

    assertThatThrownBy(() -> Disk.of(file))
        .isInstanceOf(DiskException.class)
        .hasMessageContaining("it ends before byte");
  }

  @Test
  void a_vhdx_with_a_log_to_replay_is_unclean() throws IOException {
    blank(DiskFormat.VHDX, DiskKind.DYNAMIC);
    assertThat(Disk.of(file).unclean()).isFalse();
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] header = new byte[4096];
      raw.seek(0x20000);
      raw.readFully(header);
      header[48] = 1;
      var bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(4, VhdxWriter.checksum(bytes));
      raw.seek(0x20000);
      raw.write(header);
    }

    assertThat(Disk.of(file).unclean()).isTrue();
  }

  /** A LUKS header with its data at this sector of a file of 4 MiB. */
  private void luks(int version, int data) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(4 << 20);
    header.put(0, "LUKS\u00ba\u00be".getBytes(StandardCharsets.ISO_8859_1));
    header.putShort(6, (short) version).putInt(104, data);
    Files.write(file, header.array());
  }

  @Test
  void an_encrypted_disk_is_as_large_as_what_follows_its_header() throws IOException {
    luks(1, 4040);

    Disk disk = Disk.of(file, DiskFormat.LUKS);
    assertThat(disk.size().bytes()).isEqualTo((4 << 20) - 4040 * 512);
    assertThat(disk.contiguous()).isEmpty();
    assertThat(Disk.of(file).format()).isEqualTo(DiskFormat.RAW);
  }

  @ParameterizedTest
  @CsvSource({"2, 4040", "1, 8193", "1, -1"})
  void a_header_of_luks_that_cannot_be_is_refused(int version, int data) throws IOException {
    luks(version, data);

    assertThatThrownBy(() -> Disk.of(file, DiskFormat.LUKS))
        .hasMessage(file + ": its LUKS header is damaged or of another version than 1");
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "4", "200"})
  void a_qcow2_of_another_version_is_refused(int version) throws IOException {
    Files.write(file, Qcow2Bytes.header(version, 1 << 20, ""));

    assertThatThrownBy(() -> Disk.of(file))
        .hasMessage(file + ": its qcow2 header is damaged or of an unknown version");
  }

  @Test
  void any_single_damaged_byte_gives_a_disk_or_a_clear_error() throws IOException {
    for (DiskFormat format : new DiskFormat[] {DiskFormat.VHD, DiskFormat.VHDX}) {
      Path base = file.resolveSibling("base-" + format);
      writer.blank(base, new BlankDisk(format, DiskKind.DYNAMIC, Size.parseBinary("64m")));
      Path child = file.resolveSibling("child-" + format);
      writer.differencing(child, base);
      try (RandomAccessFile raw = new RandomAccessFile(child.toFile(), "rw")) {
        for (int i = 0; i < 400; i++) {
          expectDiskOrError(raw, child, format);
        }
      }
    }
  }

  private void expectDiskOrError(RandomAccessFile raw, Path child, DiskFormat format)
      throws IOException {
    long at = interesting(format, (int) raw.length());
    raw.seek(at);
    int whole = raw.read();
    raw.seek(at);
    raw.write(whole ^ (1 + random.nextInt(255)));
    try {
      assertThat(Disk.of(child, format).format()).isEqualTo(format);
    } catch (DiskException e) {
      assertThat(e.why()).isNotBlank();
    }
    raw.seek(at);
    raw.write(whole);
  }

  /** The offsets of headers and tables. */
  private int interesting(DiskFormat format, int length) {
    if (format == DiskFormat.VHD) {
      return random.nextInt(length);
    }
    int[] starts = {0x10000, 0x20000, 0x30000, 0x40000, 0x200000, 0x210000};
    return starts[random.nextInt(starts.length)] + random.nextInt(512);
  }

  private void blank(DiskFormat format, DiskKind kind) throws IOException {
    writer.blank(file, new BlankDisk(format, kind, Size.parseBinary("64m")));
  }

  private void overwrite(long at, int value) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(at);
      raw.write(value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "KDMV,                    0,  it is a vmdk disk; convert it to raw or qcow2 first",
    "# Disk DescriptorFile,   0,  it is a vmdk disk; convert it to raw or qcow2 first",
    "\u007f\u0010\u00da\u00be, 64, it is a vdi disk; convert it to raw or qcow2 first",
    "'\u001f\u008b\u0008',     0,  it is compressed by gzip; convert it to raw or qcow2 first",
    "\u00fd7zXZ,              0,  it is compressed by xz; convert it to raw or qcow2 first",
  })
  void what_is_not_a_raw_disk_is_not_taken_for_one(String magic, int at, String told)
      throws IOException {
    byte[] content = new byte[8192];
    byte[] bytes = (magic + "\0").getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, content, at, bytes.length);
    Files.write(file, content);

    assertThatThrownBy(() -> DiskFormat.recognise(file)).hasMessage(file + ": " + told);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 1000})
  void a_disk_is_whole_sectors(int length) throws IOException {
    Files.write(file, new byte[length]);

    assertThatThrownBy(() -> DiskFormat.recognise(file))
        .hasMessage(file + ": it is not a disk image: " + length + " bytes are not whole sectors");
  }
}
