package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.archive.ForgedIndex;
import dev.keg.backup.archive.Shelf;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.index.Totals;
import dev.keg.error.VolumeException;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FakeTree;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Case 32: an index with correct hashes and false content. It leads nowhere outside of the stage,
 * and a comparison with the archive detects it.
 */
public class LyingIndexTest {
  private final Host host = new Host();
  private final Shelf shelf = new Shelf();

  @BeforeEach
  void archive() {
    FakeTree tree = new FakeTree();
    tree.file("aa", text("first"));
    tree.file("dd", text("second"));
    tree.directory("ee");
    tree.file("ee/ff", text("third"));
    shelf.add("a", tree);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void forge(ForgedIndex forged) {
    shelf.objects.put("a", forged.toArchive());
  }

  private ForgedIndex index() {
    return ForgedIndex.of(shelf, "a");
  }

  private void entry(String path, UnaryOperator<IndexedEntry> forge) {
    forge(
        index()
            .entries(
                entries ->
                    entries.stream()
                        .map(e -> e.entry().path().toString().equals(path) ? forge.apply(e) : e)
                        .toList()));
  }

  private static IndexedEntry withKind(IndexedEntry of, FileKind kind) {
    return new IndexedEntry(
        new Entry(of.entry().path(), kind, of.entry().attributes()),
        of.fingerprint(),
        false,
        kind instanceof RegularFile ? of.slices() : List.of());
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> host.restore(shelf, "a"))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining(message);
    assertThat(host.outsideIsUntouched()).isTrue();
    assertThat(isSound()).isFalse();
  }

  private boolean isSound() {
    try {
      return shelf.verify("a").sound();
    } catch (VolumeException _) {
      return false;
    }
  }

  @Test
  void a_consistent_index_is_accepted() {
    forge(index());
    host.restore(shelf, "a");
    assertThat(host.restored()).hasSize(4);
    assertThat(isSound()).isTrue();
  }

  @Test
  void a_name_that_leads_out() {
    forge(index().page(page -> replace(page, "ee/ff", "../ff")));
    assertRefused("in its index: ");
  }

  @Test
  void a_hard_link_to_itself() {
    entry("dd", e -> withKind(e, new HardLink(e.entry().path())));
    assertRefused("a hard link to itself");
  }

  @Test
  void an_absolute_name() {
    forge(index().page(page -> replace(page, "aa", "/a")));
    assertRefused("in its index: ");
  }

  /** The path is stored as its difference from the previous one. */
  private static byte[] replace(byte[] page, String from, String to) {
    String text = new String(page, StandardCharsets.ISO_8859_1);
    int shared = from.indexOf('/') + 1;
    // After a directory its name is shared: change that one as well.
    String changed = text;
    if (shared > 0) {
      changed = changed.replace(from.substring(0, shared - 1), to.substring(0, shared - 1));
    }
    changed = changed.replace(from.substring(shared), to.substring(shared));
    assertThat(changed).isNotEqualTo(text);
    return changed.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void a_file_below_a_symbolic_link() {
    entry("ee", e -> withKind(e, new Symlink(ByteString.utf8("../../../etc"))));
    assertRefused("ee");
  }

  @Test
  void a_file_below_a_file() {
    entry("ee", e -> withKind(e, new HardLink(TreePath.parse("aa"))));
    assertRefused("ee");
  }

  @Test
  void a_hard_link_to_what_is_not_there() {
    entry("aa", e -> withKind(e, new HardLink(TreePath.parse("nope"))));
    assertRefused("nope");
  }

  @Test
  void a_hard_link_to_a_directory() {
    entry("dd", e -> withKind(e, new HardLink(TreePath.parse("ee"))));
    assertRefused("dd");
  }

  @Test
  void a_frame_behind_the_end() {
    entry("aa", e -> at(e, frame -> frameAt(frame, 1 << 20)));
    assertRefused("the file ends before it");
  }

  @Test
  void a_frame_at_the_end_of_all_numbers() {
    assertThatThrownBy(() -> entry("aa", e -> at(e, f -> frameAt(f, Long.MAX_VALUE))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_frame_that_does_not_exist() {
    entry("aa", e -> at(e, frame -> frameAt(frame, 1)));
    assertRefused("its checksum is wrong");
  }

  private static FrameRef frameAt(FrameRef frame, long offset) {
    return new FrameRef("a", offset, frame.stored(), frame.length(), frame.crc(), frame.hash());
  }

  private static IndexedEntry at(IndexedEntry of, UnaryOperator<FrameRef> forge) {
    return new IndexedEntry(
        of.entry(),
        of.fingerprint(),
        false,
        of.slices().stream()
            .map(s -> new Slice(forge.apply(s.frame()), s.offset(), s.length()))
            .toList());
  }

  @Test
  void a_comparison_finds_what_is_different_in_the_archive() {
    entry("aa", LyingIndexTest::withPrivileges);
    host.restore(shelf, "a");
    assertThat(host.outsideIsUntouched()).isTrue();
    assertThat(shelf.verify("a").findings())
        .containsExactly("a: aa differs between the index and the archive");
  }

  private static IndexedEntry withPrivileges(IndexedEntry of) {
    Attributes old = of.entry().attributes();
    Attributes forged = new Attributes(06755, old.uid(), old.gid(), old.modified(), old.xattrs());
    return new IndexedEntry(
        new Entry(of.entry().path(), of.entry().kind(), forged),
        of.fingerprint(),
        false,
        of.slices());
  }

  @Test
  void one_byte_each_of_the_same_frame_again_and_again() {
    FakeTree tree = new FakeTree();
    tree.file("zeros", new byte[1 << 20]);
    shelf.add("a", tree);
    entry(
        "zeros",
        e -> {
          FrameRef frame = e.slices().getFirst().frame();
          return new IndexedEntry(
              new Entry(e.entry().path(), RegularFile.whole(200), e.entry().attributes()),
              e.fingerprint(),
              false,
              IntStream.range(0, 200).mapToObj(i -> new Slice(named(frame, i), 0, 1)).toList());
        });
    assertRefused("after unpacking: it expands to more than 1000 times its size");
  }

  /** The same frame under another hash, which a restore does not check. */
  private static FrameRef named(FrameRef frame, int hash) {
    return new FrameRef(
        "a",
        frame.offset(),
        frame.stored(),
        frame.length(),
        frame.crc(),
        new FrameHash(hash, hash));
  }

  @Test
  void less_than_there_is() {
    forge(index().totals(totals -> new Totals(totals.entries(), totals.files(), 3, 0)));
    assertRefused("in its index: it has more files than it says");
  }

  @Test
  void fewer_files_than_there_are() {
    forge(index().totals(totals -> new Totals(2, 1, totals.bytes(), 0)));
    assertRefused("in its index: it has more files than it says");
  }
}
