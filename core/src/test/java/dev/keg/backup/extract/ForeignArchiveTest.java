package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.keg.backup.tar.Tars;
import dev.keg.error.BackupException.InvalidArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class ForeignArchiveTest {
  private final Host host = new Host();
  private final byte[] tar = new Tars().file("a", "hello").end().bytes();

  private static byte[] compress(String how, byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed =
        new CompressorStreamFactory().createCompressorOutputStream(how, out)) {
      packed.write(plain);
    } catch (CompressorException e) {
      throw new IOException(e);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bzip2", "xz", "zstd"})
  void compression_is_recognised(String how) throws IOException {
    host.restore(compress(how, tar));
    assertThat(host.restored()).containsExactly("a 'hello' rw-r--r--");
  }

  @Test
  void tar_itself_is_recognised_whatever_its_first_name_looks_like() {
    host.restore(new Tars().file("BZh91AY&SY", "x").end().bytes());
    assertThat(host.restored()).containsExactly("BZh91AY&SY 'x' rw-r--r--");
  }

  @Test
  void several_compressed_parts_are_one_archive() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(compress("gz", Arrays.copyOf(tar, 700)));
    out.writeBytes(compress("gz", Arrays.copyOfRange(tar, 700, tar.length)));
    host.restore(out.toByteArray());
    assertThat(host.restored()).containsExactly("a 'hello' rw-r--r--");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bzip2", "xz", "zstd"})
  void a_compressed_archive_that_is_cut_off_is_refused(String how) throws IOException {
    byte[] whole = compress(how, tar);
    byte[] cut = Arrays.copyOf(whole, whole.length - 10);
    assertThatThrownBy(() -> host.restore(cut)).isInstanceOf(InvalidArchive.class);
  }

  @Test
  void what_is_not_an_archive_is_refused() {
    assertThatThrownBy(() -> host.restore("hello".repeat(300).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidArchive.class)
        .hasMessage("a.tar: at byte 512: it is not a tar archive");
    assertThatThrownBy(() -> host.restore(new byte[0]))
        .hasMessage("a.tar: at byte 0: the archive is cut off here");
  }

  @Test
  void a_bomb_of_zeros_is_stopped() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    try (ZstdOutputStream out = new ZstdOutputStream(bomb)) {
      out.write(new Tars().add(new Tars.Header('0', "z").size(40L << 20)).bytes());
      for (int i = 0; i < 200; i++) {
        out.write(zeros);
      }
    }
    assertThatThrownBy(() -> host.restore(bomb.toByteArray()))
        .hasMessage(
            "a.tar: after unpacking: it expands to more than 1000 times its size, as a bomb does");
  }

  @Test
  void a_frame_that_wants_a_window_of_2_gib_is_refused() {
    // Frame header: magic, descriptor without size, window descriptor 2^31.
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((31 - 10) << 3), 1, 0, 0};
    assertThatThrownBy(() -> host.restore(frame))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("Frame requires too much memory");
  }

  @Test
  void a_frame_with_a_dictionary_is_refused() {
    byte[] dictionary = "a dictionary of some length".repeat(20).getBytes(StandardCharsets.UTF_8);
    byte[] frame = Zstd.compressUsingDict(tar, dictionary, 3);
    // A raw dictionary has no id, so the frame gets one.
    byte[] withId = new byte[frame.length + 1];
    System.arraycopy(frame, 0, withId, 0, 5);
    withId[4] |= 1;
    withId[5] = 77;
    System.arraycopy(frame, 5, withId, 6, frame.length - 5);
    assertThatThrownBy(() -> host.restore(withId)).isInstanceOf(InvalidArchive.class);
  }

  @Test
  void a_skippable_frame_of_4_gib_that_is_not_there_is_refused() {
    byte[] frame = {0x50, 0x2A, 0x4D, 0x18, -1, -1, -1, -1};
    assertThatThrownBy(() -> host.restore(frame)).isInstanceOf(InvalidArchive.class);
  }

  @Test
  void a_zip_archive_in_a_stream_is_named() throws IOException {
    byte[] zip = zip();
    assertThatThrownBy(() -> host.restore(zip))
        .hasMessage("a.tar: at its beginning: it is zip, not tar");
  }

  @ParameterizedTest
  @ValueSource(ints = {25, 900})
  void an_encrypted_archive_in_a_stream_is_named(int length) {
    byte[] age = "age-encryption.org/v1\n-> X25519".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> host.restore(Arrays.copyOf(age, length)))
        .hasMessage("a.tar: at its beginning: it is encrypted");
  }

  private static byte[] zip() throws IOException {
    SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(channel)) {
      add(out, "d/", UnixStat.DIR_FLAG | 0750, "");
      add(out, "d/f", UnixStat.FILE_FLAG | 0640, "hello");
      add(out, "l", UnixStat.LINK_FLAG | 0777, "d/f");
      add(out, "plain", 0, "x");
    }
    return Arrays.copyOf(channel.array(), (int) channel.size());
  }

  private static void add(ZipArchiveOutputStream out, String name, int mode, String content)
      throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    if (mode != 0) {
      entry.setUnixMode(mode);
    }
    X7875_NewUnix owner = new X7875_NewUnix();
    owner.setUID(1000);
    owner.setGID(1001);
    entry.addExtraField(owner);
    out.putArchiveEntry(entry);
    out.write(content.getBytes(StandardCharsets.UTF_8));
    out.closeArchiveEntry();
  }

  private void restoreZip(byte[] zip) {
    host.extraction(Trust.FOREIGN).fromZip("a.zip", new SeekableInMemoryByteChannel(zip));
  }

  @Test
  void a_zip_archive_keeps_modes_and_links() throws IOException {
    restoreZip(zip());
    assertThat(host.restored())
        .containsExactly(
            "d d rwxr-x---", "d/f 'hello' rw-r-----", "l -> d/f", "plain 'x' rw-r--r--");
  }

  @Test
  void a_zip_archive_that_leads_out_is_refused() throws IOException {
    SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(channel)) {
      add(out, "../x", 0, "evil");
    }
    byte[] zip = Arrays.copyOf(channel.array(), (int) channel.size());
    assertThatThrownBy(() -> restoreZip(zip)).hasMessage("a.zip: ../x: a name with '..' in it");
    assertThat(host.outsideIsUntouched()).isTrue();
  }

  @Test
  void a_zip_archive_with_a_wrong_checksum_is_refused() throws IOException {
    SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(channel)) {
      out.setLevel(0);
      add(out, "f", 0, "hello hello hello");
    }
    byte[] zip = Arrays.copyOf(channel.array(), (int) channel.size());
    int at = new String(zip, StandardCharsets.ISO_8859_1).indexOf("hello");
    zip[at] ^= 1;
    assertThatThrownBy(() -> restoreZip(zip)).hasMessage("a.zip: f: its checksum is wrong");
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(new byte[100]);
      }
    }
    return bytes.toByteArray();
  }

  /** The directory record has the entry's offset at its end: 42 bytes after PK 1 2. */
  @Test
  void entries_of_a_zip_archive_that_share_their_bytes_are_refused() throws IOException {
    byte[] zip = zip("a", "b");
    for (int i = 0; i < zip.length - 46; i++) {
      if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
        Arrays.fill(zip, i + 42, i + 46, (byte) 0);
      }
    }

    assertThatThrownBy(
            () ->
                host.extraction(Trust.FOREIGN)
                    .fromZip("a.zip", new SeekableInMemoryByteChannel(zip)))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("it overlaps another entry");
  }

  @Test
  void a_compressor_that_is_not_made_for_hostile_input_is_refused() {
    byte[] pack200 = {(byte) 0xCA, (byte) 0xFE, (byte) 0xD0, 0x0D, 7, (byte) 0x96, 0, 0, 0, 0};

    assertThatThrownBy(() -> host.restore(Arrays.copyOf(pack200, 2000)))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("packed with pack200, which is not supported");
  }
}
