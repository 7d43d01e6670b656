package dev.keg.backup.tar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TarEncoderTest {
  private static final Attributes PLAIN =
      new Attributes(0644, 0, 0, Instant.ofEpochSecond(1_700_000_000), Xattrs.NONE);

  private static Entry entry(String path, FileKind kind, Attributes attributes) {
    return new Entry(path.isEmpty() ? TreePath.ROOT : TreePath.parse(path), kind, attributes);
  }

  private static Attributes modified(long seconds, long nanos) {
    return new Attributes(0600, 1, 2, Instant.ofEpochSecond(seconds, nanos), Xattrs.NONE);
  }

  static Stream<Entry> every_entry_comes_back() {
    Xattrs xattrs =
        Xattrs.NONE
            .with(Tars.bytes("user.bin"), Tars.bytes("\0\u00ff\n="))
            .with(Tars.bytes("user.empty"), ByteString.EMPTY)
            .with(Tars.bytes("user.%=%3D"), Tars.bytes("v".repeat(70_000)))
            .with(
                Xattrs.ACCESS_ACL,
                Tars.bytes("\2\0\0\0\1\0\6\0\u00ff\u00ff\u00ff\u00ff\2\0\7\0\u00e8\3\0\0"))
            .with(Xattrs.DEFAULT_ACL, Tars.bytes("unknown form"));
    return Stream.of(
        entry("", new Directory(), PLAIN.withMode(07777)),
        entry("a", RegularFile.whole(5), PLAIN),
        entry("a", RegularFile.whole(9L << 30), PLAIN),
        entry("x".repeat(98), RegularFile.whole(0), PLAIN),
        entry("x".repeat(99), RegularFile.whole(0), PLAIN),
        entry("y".repeat(150) + "/" + "x".repeat(100), RegularFile.whole(0), PLAIN),
        entry("y".repeat(150) + "/" + "x".repeat(101), RegularFile.whole(0), PLAIN),
        entry("y".repeat(154) + "/" + "x".repeat(99), new Directory(), PLAIN),
        entry("deep/".repeat(1000) + "x", RegularFile.whole(1), PLAIN),
        new Entry(TreePath.ROOT.child(Tars.bytes("lat\u00e9n\n\33")), new Fifo(), PLAIN),
        entry("l", new Symlink(Tars.bytes("dir//x/")), PLAIN.withMode(0777)),
        entry("l", new Symlink(Tars.bytes("\u00ff".repeat(150))), PLAIN),
        entry("h", new HardLink(TreePath.parse("a/" + "b".repeat(120))), PLAIN),
        entry("c", new Device(false, 1, 3), PLAIN),
        entry("b", new Device(true, 0xFFF, 0xFFFFF), PLAIN),
        entry("t", RegularFile.whole(0), modified(-5, 250_000_000)),
        entry("t", RegularFile.whole(0), modified(-1, 1)),
        entry("t", RegularFile.whole(0), modified(-86400, 0)),
        entry("t", RegularFile.whole(0), modified(1, 999_999_999)),
        entry("t", RegularFile.whole(0), modified(1L << 40, 5)),
        entry("o", new Fifo(), new Attributes(0, 3_000_000_000L, 2097152, Instant.EPOCH, xattrs)),
        entry("s", new RegularFile(1 << 20, List.of()), PLAIN),
        entry("s", new RegularFile(100, List.of(new Extent(10, 90))), PLAIN),
        entry("n".repeat(200), new RegularFile(100, List.of(new Extent(0, 3))), PLAIN),
        entry(
            "d/s",
            new RegularFile(
                1L << 60,
                Stream.iterate(0L, i -> i + 4096).limit(1000).map(i -> new Extent(i, 5)).toList()),
            PLAIN));
  }

  @ParameterizedTest
  @MethodSource
  void every_entry_comes_back(Entry entry) {
    byte[] header = TarEncoder.header(entry);
    assertThat(header.length % 512).isZero();
    assertThat(new TarReader("t", new ByteArrayInputStream(header), TarLimits.OWN).next())
        .contains(entry);
  }

  @Test
  void a_comment_tells_what_the_archive_is_and_disturbs_nothing() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(TarEncoder.comment(Tars.bytes("{\"volume\":\"db\"}")));
    out.writeBytes(TarEncoder.header(entry("a", RegularFile.whole(0), PLAIN)));
    out.writeBytes(TarEncoder.end());
    TarReader reader =
        new TarReader("t", new ByteArrayInputStream(out.toByteArray()), TarLimits.FOREIGN);
    assertThat(reader.next()).isPresent();
    assertThat(reader.comment()).contains(Tars.bytes("{\"volume\":\"db\"}"));
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void a_plain_file_needs_one_block() {
    assertThat(TarEncoder.header(entry("a", RegularFile.whole(5), PLAIN))).hasSize(512);
  }
}
