package dev.keg.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.archive.write.ArchiveRequest;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.archive.write.ArchiveWriter;
import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.TarReader;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ArchiveTest {
  private final Shelf shelf = new Shelf();
  private final FakeTree tree = new FakeTree();

  static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void everyKind() {
    tree.directory("d").xattrs =
        Xattrs.NONE.with(ByteString.utf8("user.x"), ByteString.of((byte) -1));
    tree.file("d/small", text("hello"));
    tree.file("d/empty", new byte[0]);
    tree.file("d/large", random(1, 9 << 20));
    FakeFile sparse = tree.file("d/sparse", new byte[100_000]);
    sparse.content[5000] = 7;
    sparse.data = List.of(new Extent(4096, 4096));
    tree.symlink("l", "dir//x/");
    tree.link("z-link", "d/small");
    tree.add("p", Stat.Type.FIFO);
    tree.add("c", Stat.Type.CHARACTER);
    tree.file("v".repeat(200), text("v"));
  }

  private List<Entry> tarEntries(InputStream tar) {
    TarReader reader = new TarReader("t", tar, TarLimits.FOREIGN);
    List<Entry> entries = new ArrayList<>();
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      entries.add(entry.get());
    }
    assertThat(reader.comment()).contains(ByteString.utf8("{\"volume\":\"db\"}"));
    return entries;
  }

  private InputStream stream(String name) throws IOException {
    return new ZstdInputStream(new ByteArrayInputStream(shelf.bytes(name)));
  }

  @Test
  void the_index_says_what_the_tar_stream_says() throws IOException {
    everyKind();
    shelf.add("full", tree);
    assertThat(shelf.entries("full").stream().map(IndexedEntry::entry))
        .isEqualTo(tarEntries(stream("full")));
    assertThat(shelf.verify("full").findings()).isEmpty();
    assertThat(shelf.verifyQuickly("full").findings()).isEmpty();
  }

  /** Alternate data streams of Windows can be this large; a page of 128 MiB would not be read. */
  @Test
  void large_attributes_make_no_index_that_is_too_large_to_read() {
    ByteString large = ByteString.of(new byte[16 << 20]);
    for (int file = 0; file < 9; file++) {
      tree.file("f" + file, text("x")).xattrs =
          Xattrs.NONE.with(ByteString.utf8("user.stream"), large);
    }

    shelf.add("full", tree);
    shelf.addShared("shared", tree);

    for (String name : List.of("full", "shared")) {
      try (Archive archive = shelf.archive(name)) {
        int[] count = {0};
        archive.entries().forEachRemaining(_ -> count[0]++);
        assertThat(count).as(name).containsExactly(10);
      }
    }
  }

  @Test
  void content_comes_back_by_the_index() {
    everyKind();
    shelf.add("full", tree);
    for (String file : List.of("d/small", "d/empty", "d/large", "d/sparse", "v".repeat(200))) {
      assertThat(shelf.content("full", file)).as(file).isEqualTo(tree.get(file).content);
    }
  }

  @Test
  void another_program_reads_the_stream_to_its_end() throws IOException {
    everyKind();
    tree.remove("d/sparse");
    shelf.add("full", tree);
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(stream("full"))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        names.add(e.getName());
        if (e.getName().equals("./d/large")) {
          assertThat(tar.readAllBytes()).isEqualTo(tree.get("d/large").content);
        }
      }
    }
    assertThat(names)
        .containsExactly(
            "./",
            "./c",
            "./d/",
            "./d/empty",
            "./d/large",
            "./d/small",
            "./l",
            "./p",
            "./" + "v".repeat(200),
            "./z-link");
  }

  @Test
  void a_summary_counts_what_is_in_the_archive() {
    everyKind();
    ArchiveSummary summary = shelf.add("full", tree);
    assertThat(summary.totals()).isEqualTo(new Totals(11, 5, 5 + (9L << 20) + 4096 + 1, 0));
    assertThat(summary.written()).isEqualTo(shelf.bytes("full").length);
    assertThat(summary.names()).isEqualTo(10);
    try (Archive archive = shelf.archive("full")) {
      assertThat(archive.totals()).isEqualTo(summary.totals());
      assertThat(archive.description()).isEqualTo(ByteString.utf8("{\"volume\":\"db\"}"));
    }
  }

  @Test
  void the_later_name_of_a_file_is_a_hard_link_to_the_first() {
    everyKind();
    shelf.add("full", tree);
    assertThat(shelf.entries("full").getLast().entry().kind())
        .isEqualTo(new HardLink(TreePath.parse("d/small")));
  }

  @Test
  void what_is_excluded_is_left_out_with_all_below_it() {
    everyKind();
    ArchiveRequest all = Shelf.request("full", Optional.empty());
    Set<TreePath> excluded = Set.of(TreePath.parse("d"));
    shelf.add(
        tree,
        new ArchiveRequest(
            "full",
            all.compression(),
            all.description(),
            Optional.empty(),
            excluded::contains,
            2,
            all.settled()));
    assertThat(shelf.entries("full").stream().map(e -> e.entry().path().toString()))
        .containsExactly(".", "c", "l", "p", "v".repeat(200), "z-link");
  }

  @Test
  void equal_trees_give_equal_tar_streams() throws IOException {
    everyKind();
    shelf.add("one", tree);
    shelf.add("two", tree);
    assertThat(stream("one").readAllBytes()).isEqualTo(stream("two").readAllBytes());
    // Only their secret keys differ.
    assertThat(shelf.bytes("one")).isNotEqualTo(shelf.bytes("two"));
  }

  @Test
  void equal_content_gives_equal_frames_wherever_it_moved() {
    byte[] content = random(5, 20 << 20);
    byte[] moved = new byte[content.length + 1000];
    System.arraycopy(content, 0, moved, 1000, content.length);
    tree.file("a", content);
    tree.file("b", moved);
    shelf.add("full", tree);
    List<FrameHash> a = shelf.frames("full", "a");
    List<FrameHash> b = shelf.frames("full", "b");
    assertThat(a).hasSizeGreaterThan(5);
    assertThat(b).containsAll(a.subList(1, a.size()));
  }

  @Test
  void many_small_files_share_frames_and_each_is_found_with_few_reads() {
    for (int i = 0; i < 20_000; i++) {
      tree.file("f%05d".formatted(i), text("content " + i));
    }
    shelf.add("full", tree);
    shelf.reads.set(0);
    assertThat(shelf.content("full", "f17000")).isEqualTo(text("content 17000"));
    assertThat(shelf.reads.get()).isLessThanOrEqualTo(3);
    try (Archive archive = shelf.archive("full")) {
      assertThat(archive.root().pages()).hasSizeGreaterThan(1);
      assertThat(archive.find(TreePath.parse("f17000x"))).isEmpty();
      assertThat(archive.find(TreePath.parse("f00000"))).isPresent();
      assertThat(archive.find(TreePath.ROOT)).isPresent();
    }
    assertThat(shelf.verify("full").findings()).isEmpty();
  }

  @Test
  void a_partial_archive_holds_only_what_changed_and_knows_all() {
    everyKind();
    shelf.add("full", tree);
    tree.get("d/small").write(text("other"));
    tree.remove("l");
    tree.file("new", text("new"));
    tree.opened().clear();
    shelf.addPartial("partial", tree, "full");

    assertThat(tree.opened())
        .isEqualTo(new TreeSet<>(Set.of(TreePath.parse("d/small"), TreePath.parse("new"))));
    assertThat(shelf.bytes("partial").length).isLessThan(3000);
    assertThat(shelf.entries("partial").stream().map(e -> e.entry().path().toString()))
        .containsExactly(
            ".",
            "c",
            "d",
            "d/empty",
            "d/large",
            "d/small",
            "d/sparse",
            "new",
            "p",
            "v".repeat(200),
            "z-link");
    for (String file : List.of("d/small", "d/large", "d/sparse", "new", "v".repeat(200))) {
      assertThat(shelf.content("partial", file)).as(file).isEqualTo(tree.get(file).content);
    }
    assertThat(shelf.verify("partial").findings()).isEmpty();
    try (Archive archive = shelf.archive("partial")) {
      assertThat(archive.objects()).containsExactly("full");
    }
  }

  @Test
  void a_chain_of_partial_archives_refers_to_where_the_bytes_are() {
    everyKind();
    shelf.add("1", tree);
    tree.get("d/small").write(text("second"));
    shelf.addPartial("2", tree, "1");
    tree.file("third", text("third"));
    shelf.addPartial("3", tree, "2");
    shelf.reads.set(0);
    assertThat(shelf.content("3", "d/small")).isEqualTo(text("second"));
    assertThat(shelf.content("3", "d/large")).isEqualTo(tree.get("d/large").content);
    try (Archive archive = shelf.archive("3")) {
      assertThat(archive.objects()).containsExactlyInAnyOrder("1", "2");
    }
  }

  @Test
  void a_changed_page_of_a_large_file_costs_a_frame() {
    byte[] content = random(3, 30 << 20);
    FakeFile file = tree.file("db", content);
    shelf.add("full", tree);
    byte[] changed = content.clone();
    Arrays.fill(changed, 15 << 20, (15 << 20) + 8192, (byte) 1);
    file.write(changed);
    shelf.addPartial("partial", tree, "full");
    assertThat(shelf.bytes("partial").length).isLessThan((4 << 20) + 100_000);
    assertThat(shelf.content("partial", "db")).isEqualTo(changed);
  }

  @Test
  void a_file_changed_just_now_is_read_again_next_time() {
    FakeFile file = tree.file("a", text("a"));
    file.changed = Shelf.NOW.minusSeconds(1);
    shelf.add("full", tree);
    shelf.addPartial("partial", tree, "full");
    assertThat(tree.opened()).contains(TreePath.parse("a"));
    assertThat(shelf.content("partial", "a")).isEqualTo(text("a"));
  }

  @Test
  void a_small_file_that_changes_while_it_is_read_is_read_once_more() {
    FakeFile file = tree.file("log", text("one"));
    file.onRead =
        () -> {
          file.onRead = () -> {};
          file.write(text("one two"));
        };
    shelf.add("full", tree);
    assertThat(shelf.content("full", "log")).isEqualTo(text("one two"));
    assertThat(shelf.notes).isEmpty();
  }

  @Test
  void a_file_that_keeps_changing_is_cut_to_its_header_and_reported() throws IOException {
    FakeFile file = tree.file("log", text("one"));
    file.onRead = () -> file.write(Arrays.copyOf(file.content, file.content.length + 10));
    tree.file("next", text("next"));
    ArchiveSummary summary = shelf.add("full", tree);
    assertThat(shelf.notes).containsExactly("CHANGED log: changed while it was read");
    assertThat(summary.totals().changed()).isEqualTo(1);
    assertThat(shelf.content("full", "next")).isEqualTo(text("next"));
    assertThat(tarEntries(stream("full"))).hasSize(3);
    assertThat(shelf.entries("full").get(1).changedWhileRead()).isTrue();
  }

  @Test
  void a_file_that_grew_since_the_walk_met_it_is_whole() {
    FakeFile later = tree.file("later", random(2, 3 << 20));
    FakeFile file = tree.file("large", random(1, 5 << 20));
    file.onRead =
        () -> {
          file.onRead = () -> {};
          later.write(random(3, 4 << 20));
        };
    shelf.add("full", tree);
    assertThat(shelf.notes).isEmpty();
    assertThat(shelf.content("full", "later")).isEqualTo(random(3, 4 << 20));
  }

  @Test
  void a_large_file_that_shrinks_while_it_is_read_is_filled_with_zeros() throws IOException {
    FakeFile file = tree.file("db", random(1, 5 << 20));
    file.onRead =
        () -> {
          file.onRead = () -> {};
          file.write(Arrays.copyOf(file.content, 2 << 20));
        };
    shelf.add("full", tree);
    assertThat(shelf.notes).containsExactly("CHANGED db: changed while it was read");
    assertThat(shelf.content("full", "db")).isEqualTo(Arrays.copyOf(file.content, 5 << 20));
    assertThat(tarEntries(stream("full"))).hasSize(2);
  }

  @Test
  void what_cannot_be_archived_is_reported_and_the_rest_is_archived() {
    tree.add("socket", Stat.Type.SOCKET);
    tree.file("secret", text("x")).unreadable = true;
    tree.directory("closed").unreadable = true;
    tree.file("gone", text("x")).gone = true;
    tree.directory("mnt").mountPoint = true;
    tree.file("mnt/other", text("x"));
    FakeFile broken = tree.file("broken", random(1, 100));
    broken.onRead =
        () -> {
          throw new FileFailure("read", "broken", "input/output error", null);
        };
    tree.file("rest", text("rest"));
    ArchiveSummary summary = shelf.add("full", tree);
    assertThat(shelf.notes)
        .containsExactly(
            "UNREADABLE broken: read: broken: input/output error",
            "UNREADABLE closed: list: closed: permission denied",
            "VANISHED gone: removed meanwhile",
            "MOUNT_POINT mnt: not entered",
            "UNREADABLE secret: read: secret: permission denied",
            "SOCKET socket: a socket is not part of a backup");
    assertThat(summary.unreadable()).isEqualTo(3);
    assertThat(shelf.entries("full").stream().map(e -> e.entry().path().toString()))
        .containsExactly(".", "closed", "mnt", "rest");
    assertThat(shelf.verify("full").findings()).isEmpty();
  }

  @Test
  void a_large_file_that_cannot_be_read_to_its_end_is_reported_and_kept_as_far_as_it_goes() {
    FakeFile file = tree.file("db", random(1, 5 << 20));
    int[] reads = {0};
    file.onRead =
        () -> {
          if (reads[0]++ > 8) {
            throw new FileFailure("read", "db", "input/output error", null);
          }
        };
    shelf.add("full", tree);
    assertThat(shelf.notes)
        .containsExactly(
            "UNREADABLE db: read: db: input/output error; the rest of it is filled with zeros");
    assertThat(shelf.content("full", "db")).startsWith(Arrays.copyOf(file.content, 2 << 20));
    assertThat(shelf.verify("full").findings()).isEmpty();
  }

  @Test
  void a_tree_without_a_root_directory_is_an_error() {
    tree.get("").gone = true;
    assertThatThrownBy(() -> shelf.add("full", tree))
        .hasMessage("back up: the volume's directory: not a directory");
  }

  @Tag("time")
  @Test
  void a_bit_flipped_anywhere_is_found() {
    tree.file("a", text("a".repeat(300)));
    tree.file("b", random(1, 20));
    shelf.add("full", tree);
    byte[] sound = shelf.bytes("full");
    for (int i = 0; i < sound.length * 8; i += NeedsTime.STRIDE) {
      byte[] flipped = sound.clone();
      flipped[i / 8] ^= (byte) (1 << (i % 8));
      shelf.objects.put("full", flipped);
      assertThat(isFound()).as("bit %d of byte %d", i % 8, i / 8).isTrue();
    }
  }

  private boolean isFound() {
    try {
      return !shelf.verify("full").sound();
    } catch (dev.keg.error.VolumeException _) {
      return true;
    }
  }

  @Test
  void a_damaged_frame_names_the_files_in_it() {
    tree.file("a", text("a"));
    tree.file("big", random(1, 5 << 20));
    tree.file("c", text("c"));
    shelf.add("full", tree);
    IndexedEntry big = shelf.entries("full").get(2);
    FrameRef second = big.slices().get(1).frame();
    shelf.bytes("full")[(int) second.offset() + 100] ^= 1;
    Verification.Result result = shelf.verify("full");
    assertThat(result.findings())
        .containsExactly(
            "full: damaged in the frame at byte %d: its checksum is wrong"
                .formatted(second.offset()));
    assertThat(result.files()).containsExactly(TreePath.parse("big"));
  }

  @Test
  void an_earlier_archive_that_is_gone_or_short_is_found_without_reading_it() {
    everyKind();
    shelf.add("full", tree);
    shelf.addPartial("partial", tree, "full");
    byte[] full = shelf.bytes("full");
    shelf.objects.put("full", Arrays.copyOf(full, 2000));
    assertThat(shelf.verifyQuickly("partial").findings())
        .singleElement()
        .asString()
        .startsWith("full: it has 2000 bytes and needs ");
    shelf.objects.remove("full");
    assertThat(shelf.verifyQuickly("partial").findings())
        .containsExactly("full: read: full: no such file or directory");
  }

  @Test
  void an_archive_that_was_cut_off_says_so() {
    everyKind();
    shelf.add("full", tree);
    byte[] whole = shelf.bytes("full");
    for (int length : new int[] {0, 10, 1000, whole.length - 1}) {
      shelf.objects.put("full", Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> shelf.archive("full"))
          .hasMessage("full: at its end: it has no index: it was cut off, or was not made by Keg");
    }
  }

  @Test
  void an_archive_of_a_later_keg_is_refused() {
    shelf.add("full", tree);
    byte[] bytes = shelf.bytes("full");
    bytes[bytes.length - Footer.SIZE + 11] = 3;
    assertThatThrownBy(() -> shelf.archive("full"))
        .hasMessage("full has schema 3, but this version of keg knows only 2");
  }

  private byte[] written(Compression compression) {
    ArchiveRequest zstd = Shelf.request("x", Optional.empty());
    ArchiveRequest request =
        new ArchiveRequest(
            "x", compression, zstd.description(), Optional.empty(), _ -> false, 3, zstd.settled());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter.write(tree, request, shelf.listener(), Channels.newChannel(out));
    return out.toByteArray();
  }

  @Test
  void a_plain_tar_and_a_gzipped_one_are_the_same_stream() throws IOException {
    everyKind();
    shelf.add("full", tree);
    byte[] tar = written(new Compression.None());
    try (InputStream zstd = stream("full");
        InputStream gzip =
            new GZIPInputStream(new ByteArrayInputStream(written(new Compression.Gzip(6))))) {
      assertThat(zstd.readAllBytes()).isEqualTo(tar);
      assertThat(gzip.readAllBytes()).isEqualTo(tar);
    }
  }

  @Test
  void incompressible_content_fits_into_gzip_too() throws IOException {
    tree.file("random", random(1, 9 << 20));
    byte[] gzip = written(new Compression.Gzip(1));
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      assertThat(in.readAllBytes()).isEqualTo(written(new Compression.None()));
    }
  }
}
