package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.Shelf;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.tar.TarLimits;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FakeTree.FakeFile;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

public class ArchiveExtractionTest {
  private final Shelf shelf = new Shelf();
  private final FakeTree tree = new FakeTree();
  private final Host host = new Host();

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final byte[] LARGE = random(1, 6 << 20);
  private static final byte[] BETWEEN_HOLES = random(2, 3 << 20);

  @BeforeEach
  void make() {
    tree.directory("d").mode = 0500;
    tree.file("d/large", LARGE.clone()).mode = 0400;
    tree.file("d/small", text("hello"));
    tree.file("empty", new byte[0]);
    FakeFile sparse = tree.file("sparse", new byte[6 << 20]);
    System.arraycopy(BETWEEN_HOLES, 0, sparse.content, 1 << 20, BETWEEN_HOLES.length);
    sparse.data = List.of(new Extent(1 << 20, 1 << 20), new Extent(2 << 20, 2 << 20));
    tree.symlink("l", "d/small");
    tree.link("z", "d/small");
    tree.link("zz", "d/large");
  }

  @Test
  void a_tree_comes_out_as_it_went_in() throws IOException {
    shelf.add("full", tree);
    host.restore(shelf, "full");
    assertThat(host.restored())
        .containsExactly(
            "d d r-x------",
            "d/large 6291456 bytes r-------- x2",
            "d/small 'hello' rw-r--r-- x2",
            "empty '' rw-r--r--",
            "l -> d/small",
            "sparse 6291456 bytes rw-r--r--",
            "z 'hello' rw-r--r-- x2",
            "zz 6291456 bytes r-------- x2");
    for (String file : List.of("d/large", "sparse")) {
      assertThat(Files.readAllBytes(host.stage.resolve(file))).isEqualTo(tree.get(file).content);
    }
    assertThat(Files.getLastModifiedTime(host.stage.resolve("d")))
        .isEqualTo(FileTime.from(FakeTree.LONG_AGO));
  }

  @Test
  void a_partial_archive_restores_the_whole_tree() throws IOException {
    for (int i = 0; i < 80; i++) {
      tree.file("many-" + i, text("first " + i));
    }
    shelf.add("1", tree);
    for (int round = 2; round < 5; round++) {
      for (int i = round; i < 80; i += 7) {
        tree.get("many-" + i).write(text("round " + round));
      }
      shelf.addPartial(Integer.toString(round), tree, Integer.toString(round - 1));
    }
    host.restore(shelf, "4");
    for (int i = 0; i < 80; i++) {
      assertThat(Files.readAllBytes(host.stage.resolve("many-" + i)))
          .isEqualTo(tree.get("many-" + i).content);
    }
    assertThat(Files.readAllBytes(host.stage.resolve("d/large")))
        .isEqualTo(tree.get("d/large").content);
  }

  @Test
  void one_file_of_many_costs_a_few_reads() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      tree.file("many-" + i, text("file " + i));
    }
    shelf.add("full", tree);
    shelf.reads.set(0);
    Selection selection = new Selection(List.of(TreePath.parse("many-12345")));
    ExtractionRequest one =
        new ExtractionRequest(
            selection, Trust.OWN, RestoreLimits.own(new Size(50 << 20)), false, 2);
    try (Archive archive = shelf.archive("full");
        ArchiveSources sources = new ArchiveSources(archive, shelf)) {
      host.extraction(one).fromArchive(archive, sources);
    }
    assertThat(Files.readString(host.stage.resolve("many-12345"))).isEqualTo("file 12345");
    // The end, the root of the index, its three pages, and the one frame.
    assertThat(shelf.reads).hasValueLessThanOrEqualTo(6);
  }

  @Test
  void frames_that_changed_places_are_found() {
    shelf.add("full", tree);
    byte[] bytes = shelf.bytes("full");
    List<IndexedEntry> entries = shelf.entries("full");
    FrameRef first = frame(entries, "d/small");
    FrameRef last = frame(entries, "sparse");
    ByteArrayOutputStream swapped = new ByteArrayOutputStream();
    swapped.write(bytes, 0, (int) first.offset());
    swapped.write(bytes, (int) last.offset(), last.stored());
    swapped.write(bytes, (int) first.end(), (int) (last.offset() - first.end()));
    swapped.write(bytes, (int) first.offset(), first.stored());
    swapped.write(bytes, (int) last.end(), (int) (bytes.length - last.end()));
    shelf.objects.put("full", swapped.toByteArray());
    assertThat(swapped.size()).isEqualTo(bytes.length);
    assertThatThrownBy(() -> host.restore(shelf, "full")).isInstanceOf(InvalidArchive.class);
    assertThat(shelf.verify("full").sound()).isFalse();
  }

  private static FrameRef frame(List<IndexedEntry> entries, String path) {
    return entries.stream()
        .filter(e -> e.entry().path().equals(TreePath.parse(path)))
        .findFirst()
        .orElseThrow()
        .slices()
        .getFirst()
        .frame();
  }

  @Test
  void a_frame_that_is_missing_is_found() {
    shelf.add("full", tree);
    byte[] bytes = shelf.bytes("full");
    FrameRef gone = frame(shelf.entries("full"), "sparse");
    ByteArrayOutputStream cut = new ByteArrayOutputStream();
    cut.write(bytes, 0, (int) gone.offset());
    cut.write(bytes, (int) gone.end(), (int) (bytes.length - gone.end()));
    shelf.objects.put("full", cut.toByteArray());
    assertThatThrownBy(() -> host.restore(shelf, "full"))
        .hasMessage("full: in its index: the footer does not fit the archive's length");
    assertThat(host.restored()).isEmpty();
  }

  @Test
  void a_hard_link_to_what_is_not_wanted_gets_the_content() throws IOException {
    tree.link("zzz", "d/large");
    shelf.add("full", tree);
    Selection selection =
        new Selection(List.of(TreePath.parse("z"), TreePath.parse("zz"), TreePath.parse("zzz")));
    host.restore(shelf, "full", selection, false);
    assertThat(host.restored())
        .containsExactly(
            "z 'hello' rw-r--r--",
            "zz 6291456 bytes r-------- x2",
            "zzz 6291456 bytes r-------- x2");
    assertThat(Files.readAllBytes(host.stage.resolve("zz"))).isEqualTo(tree.get("d/large").content);
  }

  private void damage(String file, int slice) {
    IndexedEntry entry =
        shelf.entries("full").stream()
            .filter(e -> e.entry().path().equals(TreePath.parse(file)))
            .findFirst()
            .orElseThrow();
    shelf.bytes("full")[(int) entry.slices().get(slice).frame().offset() + 20] ^= 1;
  }

  @Test
  void a_damaged_frame_stops_the_restore_and_names_the_files() {
    shelf.add("full", tree);
    damage("d/small", 0);
    assertThatThrownBy(() -> host.restore(shelf, "full"))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("full: damaged in the frame at byte ")
        .hasMessageContaining("its checksum is wrong");
    assertThat(host.notes).anyMatch(note -> note.startsWith("DAMAGED d/small: full: damaged"));
  }

  @Test
  void the_sound_files_come_back_if_asked_for() {
    shelf.add("full", tree);
    damage("d/large", 1);
    host.restore(shelf, "full", _ -> true, true);
    assertThat(host.restored())
        .containsExactly(
            "d d r-x------",
            "d/small 'hello' rw-r--r-- x2",
            "empty '' rw-r--r--",
            "l -> d/small",
            "sparse 6291456 bytes rw-r--r--",
            "z 'hello' rw-r--r-- x2");
    assertThat(host.notes)
        .hasSize(2)
        .anyMatch(note -> note.startsWith("DAMAGED d/large: "))
        .contains("DAMAGED zz: a hard link to d/large");
  }

  private IndexRoot.Page pageOf(TreePath path) {
    try (Archive archive = shelf.archive("full")) {
      return archive.places().stream()
          .filter(page -> page.first().compareTo(path) <= 0)
          .reduce((_, last) -> last)
          .orElseThrow();
    }
  }

  @Test
  void a_link_to_an_unwanted_file_on_a_damaged_page_is_left_out_if_asked_for() {
    FakeTree many = new FakeTree();
    many.directory("a");
    for (int i = 0; i < 2000; i++) {
      many.file("a/f%04d".formatted(i), text("content " + i));
    }
    many.directory("z").mode = 0755;
    many.file("z/sound", text("sound"));
    many.link("z/link", "a/f1500");
    shelf.addShared("full", many);
    shelf.bytes("full")[(int) pageOf(TreePath.parse("a/f1500")).offset() + 20] ^= 4;

    Selection wanted = new Selection(List.of(TreePath.parse("z")));
    RestoreLimits limits = RestoreLimits.own(new Size(1 << 20));
    try (Archive archive = shelf.archive("full");
        ArchiveSources sources = new ArchiveSources(archive, shelf)) {
      host.extraction(new ExtractionRequest(wanted, Trust.OWN, limits, true, 3))
          .fromArchive(archive, sources);
    }
    assertThat(host.restored()).containsExactly("z d rwxr-xr-x", "z/sound 'sound' rw-r--r--");
    assertThat(host.notes)
        .hasSize(2)
        .anyMatch(note -> note.startsWith("DAMAGED a/f1500: full: in its index: the page at byte"))
        .contains("DAMAGED z/link: a hard link to a/f1500");
  }

  @Tag("time")
  @Test
  void a_bit_flipped_anywhere_is_found_and_only_what_is_damaged_is_not_restored() {
    FakeTree small = new FakeTree();
    small.file("a", text("a".repeat(300)));
    // Just large enough for its own frame.
    small.file("b", random(1, 1_100_000));
    shelf.add("full", small);
    host.restore(shelf, "full");
    List<String> whole = host.restored();
    byte[] sound = shelf.bytes("full");
    // The long content is uniform; the bytes around it are tried.
    int tail = sound.length - 1_200;
    for (int i = 0;
        i < sound.length;
        i = i > 600 && i < tail ? Math.min(i + 99_991, tail) : i + NeedsTime.STRIDE) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 4;
      shelf.objects.put("full", flipped);
      assertFound(i);
      assertSoundRestored(i, whole);
    }
  }

  private void assertFound(int position) {
    Host other = new Host();
    assertThatThrownBy(() -> other.restore(shelf, "full"))
        .as("byte %d", position)
        .isInstanceOf(VolumeException.class)
        .hasMessageStartingWith("full");
  }

  private void assertSoundRestored(int position, List<String> whole) {
    Host other = new Host();
    try {
      other.restore(shelf, "full", _ -> true, true);
    } catch (VolumeException e) {
      // Its index is damaged, so its content is unknown.
      assertThat(e).as("byte %d", position).hasMessageStartingWith("full");
      assertThat(other.restored()).isEmpty();
      return;
    }
    List<String> lost = new ArrayList<>(whole);
    lost.removeAll(other.restored());
    assertThat(other.notes)
        .extracting(note -> note.substring(0, note.indexOf(':')))
        .as("byte %d", position)
        .isNotEmpty()
        .filteredOn(note -> !note.startsWith("DAMAGED_FOR_TAR"))
        .containsExactlyElementsOf(
            lost.stream().map(line -> "DAMAGED " + line.substring(0, 1)).toList());
  }

  @Test
  void damage_outside_of_the_wanted_files_is_not_reported() {
    shelf.add("full", tree);
    FrameRef large = frame(shelf.entries("full"), "d/large");
    shelf.bytes("full")[(int) large.offset() + 100] ^= 1;
    shelf.bytes("full")[0] ^= 1;
    host.restore(shelf, "full", new Selection(List.of(TreePath.parse("empty"))), false);
    assertThat(host.restored()).containsExactly("empty '' rw-r--r--");
    assertThat(host.notes).isEmpty();
  }

  @Test
  void a_lying_length_of_the_archive_is_found_before_a_byte_is_written() {
    shelf.add("full", tree);
    assertThat(refused(RestoreLimits.own(new Size(1 << 20))))
        .hasMessage(
            "full: in its index: its files need more than the 1.049MB that there is room for");
  }

  @Test
  void more_files_than_a_foreign_archive_may_have_take_trust() {
    shelf.add("full", tree);
    InvalidArchive refused = refused(new RestoreLimits(2, new Size(1 << 30), 1000));
    assertThat(refused).hasMessageMatching("full: in its index: it has \\d+ entries, more than 2");
    assertThat(refused.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("--trust"));
  }

  private InvalidArchive refused(RestoreLimits limits) {
    ExtractionRequest little = ExtractionRequest.all(Trust.OWN, limits, 2);
    try (Archive archive = shelf.archive("full");
        ArchiveSources sources = new ArchiveSources(archive, shelf)) {
      Extraction extraction = host.extraction(little);
      InvalidArchive refused =
          catchThrowableOfType(
              InvalidArchive.class, () -> extraction.fromArchive(archive, sources));
      assertThat(host.restored()).isEmpty();
      return refused;
    }
  }

  @Test
  void an_object_that_is_gone_is_named() {
    shelf.add("1", tree);
    tree.get("d/small").write(text("new"));
    shelf.addPartial("2", tree, "1");
    shelf.objects.remove("1");
    assertThatThrownBy(() -> host.restore(shelf, "2"))
        .hasMessage("read: 1: no such file or directory");
  }

  @Test
  void what_tar_restores_from_the_stream_is_the_same() throws IOException {
    shelf.add("full", tree);
    host.restore(shelf, "full");
    Host other = new Host();
    other
        .extraction(Trust.OWN)
        .fromStream("full", new ByteArrayInputStream(shelf.bytes("full")), TarLimits.OWN);
    assertThat(other.restored()).isEqualTo(host.restored());
    assertThat(
            Arrays.mismatch(
                Files.readAllBytes(other.stage.resolve("sparse")),
                Files.readAllBytes(host.stage.resolve("sparse"))))
        .isEqualTo(-1);
  }

  @Test
  void an_archive_from_elsewhere_that_grows_a_thousandfold_is_refused() {
    FakeTree zeros = new FakeTree();
    zeros.file("zeros", new byte[80 << 20]);
    shelf.add("bomb", zeros);
    ExtractionRequest request =
        ExtractionRequest.all(Trust.FOREIGN, RestoreLimits.foreign(new Size(1L << 40)), 2);
    try (Archive archive = shelf.archive("bomb");
        ArchiveSources sources = new ArchiveSources(archive, shelf)) {
      assertThatThrownBy(() -> host.extraction(request).fromArchive(archive, sources))
          .isInstanceOf(InvalidArchive.class)
          .hasMessageContaining("it expands to more than 1000 times its size");
    }
    assertThat(host.restored()).isEmpty();
  }
}
