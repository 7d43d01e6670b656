package dev.keg.disk.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.tree.FileKind.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recognises file systems by their first bytes, in raw disks and in clusters of qcow2. */
class FileSystemUuidTest {
  private static final String UUID_BYTES = "00112233445566778899aabbccddeeff";
  private static final String UUID = "00112233-4455-6677-8899-aabbccddeeff";
  private static final int CLUSTER = 65536;

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final ByteBuffer disk = ByteBuffer.allocate(2 * CLUSTER).order(ByteOrder.LITTLE_ENDIAN);

  private void put(int at, String text) {
    disk.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void putUuid(int at) {
    disk.put(at, HexFormat.of().parseHex(UUID_BYTES));
  }

  private void ext4() {
    disk.putShort(1080, (short) 0xef53);
    putUuid(1128);
  }

  private Path write(String name, ByteBuffer bytes) throws IOException {
    byte[] content = new byte[bytes.capacity()];
    bytes.get(0, content);
    return Files.write(files.getPath("/" + name), content);
  }

  private void expect(String uuid) throws IOException {
    assertThat(FileSystemUuid.find(write("disk", disk), DiskFormat.RAW)).contains(uuid);
    assertThat(FileSystemUuid.isOfNtfs(uuid)).isEqualTo(uuid.length() == 16);
  }

  @Test
  void ext() throws IOException {
    ext4();
    expect(UUID);
  }

  @Test
  void xfs() throws IOException {
    put(0, "XFSB");
    putUuid(32);
    expect(UUID);
  }

  @Test
  void btrfs() throws IOException {
    put(65536 + 64, "_BHRfS_M");
    putUuid(65536 + 32);
    expect(UUID);
  }

  @Test
  void swap() throws IOException {
    put(4086, "SWAPSPACE2");
    putUuid(1036);
    expect(UUID);
  }

  @ParameterizedTest
  @CsvSource({"82, 'FAT32   ', 67", "54, 'FAT16   ', 39", "54, 'FAT12   ', 39"})
  void vfat(int wordAt, String word, int serialAt) throws IOException {
    put(wordAt, word);
    disk.putInt(serialAt, 0x0bad_cafe).putShort(510, (short) 0xaa55);
    expect("0BAD-CAFE");
  }

  @Test
  void ntfs() throws IOException {
    put(3, "NTFS    ");
    disk.putLong(72, 0x0123_4567_89ab_cdefL).putShort(510, (short) 0xaa55);
    expect("0123456789ABCDEF");
  }

  /** The host does not mount others from there, so their disks are saved as a whole. */
  @ParameterizedTest
  @CsvSource({"3, 'NTFS    ', true", "82, 'FAT32   ', false"})
  void in_the_partition_for_windows_ntfs_alone_counts(int wordAt, String word, boolean counts)
      throws IOException {
    byte[] content = new byte[512];
    ByteBuffer sector = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    sector.put(wordAt, word.getBytes(StandardCharsets.ISO_8859_1));
    sector
        .putInt(67, 0x0bad_cafe)
        .putLong(72, 0x0123_4567_89ab_cdefL)
        .putShort(510, (short) 0xaa55);
    Path raw = write("disk", ByteBuffer.allocate(8 << 20));
    DataPartition.write(
        raw,
        write("content", ByteBuffer.wrap(content)),
        List.of(new Extent(0, content.length)),
        java.util.UUID::randomUUID);

    assertThat(FileSystemUuid.find(raw, DiskFormat.RAW).isPresent()).isEqualTo(counts);
  }

  @Test
  void a_blank_disk_has_none() throws IOException {
    assertThat(FileSystemUuid.find(write("disk", disk), DiskFormat.RAW)).isEmpty();
  }

  /** Like blkid(8), which does not identify such a disk. */
  @Test
  void traces_of_two_tell_nothing() throws IOException {
    ext4();
    put(0, "XFSB");
    putUuid(32);

    assertThat(FileSystemUuid.find(write("disk", disk), DiskFormat.RAW)).isEmpty();
  }

  @Test
  void a_cluster_of_qcow2_is_found_by_its_tables() throws IOException {
    ext4();
    ByteBuffer image = qcow2(4 * CLUSTER);
    image.put(3 * CLUSTER, disk.array(), 0, CLUSTER);

    assertThat(FileSystemUuid.find(write("disk", image), DiskFormat.QCOW2)).contains(UUID);
  }

  @Test
  void a_cluster_that_is_not_there_is_the_backing_files() throws IOException {
    ext4();
    write("base", disk);
    ByteBuffer image = qcow2(0);
    put(image, 512, "base");
    image.putLong(8, 512).putInt(16, 4);
    // Otherwise the format of the backing file would be guessed.
    image.putInt(72, 0xe279_2aca).putInt(76, 3);
    put(image, 80, "raw");

    assertThat(FileSystemUuid.find(write("disk", image), DiskFormat.QCOW2)).contains(UUID);
  }

  @Test
  void an_encrypted_disk_is_refused() throws IOException {
    ByteBuffer image = qcow2(0);
    image.putInt(32, 2);

    assertThatThrownBy(() -> FileSystemUuid.find(write("disk", image), DiskFormat.QCOW2))
        .isInstanceOf(DiskException.class)
        .hasMessageContaining("it is encrypted");
  }

  /** The first table in cluster 1, a second one in cluster 2, data in cluster 3. */
  private static ByteBuffer qcow2(long place) {
    ByteBuffer image = ByteBuffer.allocate(4 * CLUSTER);
    image.put(new byte[] {'Q', 'F', 'I', (byte) 0xfb}).putInt(2);
    image.putInt(20, 16).putLong(24, 2L * CLUSTER).putInt(36, 1).putLong(40, CLUSTER);
    image.putLong(CLUSTER, 2 * CLUSTER | 1L << 63);
    image.putLong(2 * CLUSTER, place == 0 ? 0 : 3 * CLUSTER | 1L << 63);
    return image;
  }

  private static void put(ByteBuffer image, int at, String text) {
    image.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
