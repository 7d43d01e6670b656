package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SmallFilesTest {
  private static final int HEADER = 512;
  private static final int ONE = 2 * HEADER;
  private static final int FILES = 3;

  private final List<String> given = new ArrayList<>();
  private final SmallFiles small =
      new SmallFiles((frame, parts) -> given.add(frame.offset() + ": " + parts.size()));

  private void add(FrameRef frame, int number) {
    add(new Slice(frame, number * ONE + HEADER, 1));
  }

  private void add(Slice slice) {
    Entry entry =
        new Entry(
            TreePath.ROOT.child(ByteString.utf8("file")),
            RegularFile.whole(1),
            new Attributes(0644, 0, 0, Instant.EPOCH, Xattrs.NONE));
    small.add(
        new IndexedEntry(
            entry, Fingerprint.NONE, false, List.of(slice), Optional.empty(), List.of()),
        entry);
  }

  private static FrameRef frame(String object, long offset) {
    return new FrameRef(object, offset, 1, FILES * ONE, 0, new FrameHash(offset, 0));
  }

  private void addAll(FrameRef frame) {
    for (int number = 0; number < FILES; number++) {
      add(frame, number);
    }
  }

  @Test
  void the_files_of_a_frame_are_given_when_its_last_one_came() {
    addAll(frame("a", 10));
    assertThat(given).containsExactly("10: 3");

    addAll(frame("a", 20));
    assertThat(given).containsExactly("10: 3", "20: 3");

    addAll(frame("b", 15));
    assertThat(given).containsExactly("10: 3", "20: 3", "15: 3");
  }

  @Test
  void copies_of_the_last_file_are_gathered() {
    FrameRef frame = frame("a", 10);
    addAll(frame);

    add(frame, FILES - 1);
    addAll(frame);
    assertThat(given).containsExactly("10: 3");

    small.end();
    assertThat(given).containsExactly("10: 3", "10: 4");
  }

  @Test
  void a_file_with_a_frame_of_its_own_waits_for_copies() {
    FrameRef frame = new FrameRef("a", 10, 1, 1, 0, new FrameHash(1, 0));
    add(new Slice(frame, 0, 1));
    add(new Slice(frame, 0, 1));

    assertThat(given).isEmpty();
  }
}
