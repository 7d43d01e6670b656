package dev.keg.windows.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileTree;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import dev.keg.windows.win32.FakeFiles;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees with what only Windows has, on a faked one. */
final class WindowsFileTreesTest {
  private static final TreePath TABLE = TreePath.ROOT.child(ByteString.utf8("table"));
  private static final TreePath SUB = TreePath.ROOT.child(ByteString.utf8("sub"));
  private static final ByteString NOTE = ByteString.utf8("user.note");
  private static final String ANNAS = "O:S-1-5-21-1-2-3-1000G:SYD:PAI(A;;FA;;;S-1-5-21-1-2-3-1000)";
  private static final Instant TIME = Instant.parse("2020-01-02T03:04:05Z");

  private final List<String> lost = new ArrayList<>();
  private Path root;
  private FakeWindows windows;
  private WindowsFileTrees trees;

  @BeforeEach
  void makeTree(@TempDir Path dir) throws IOException {
    windows = new FakeWindows(Files.createDirectory(dir.resolve("contents")));
    trees = new WindowsFileTrees(() -> windows);
    root = Files.createDirectory(dir.resolve("data"));
  }

  private Path makeTable() throws IOException {
    return Files.writeString(root.resolve("table"), "rows");
  }

  private static ByteString text(String text) {
    return ByteString.utf8(text);
  }

  @Test
  void lists_and_streams_are_read_as_attributes() throws IOException {
    Path table = makeTable();
    windows.files().describe(table, ANNAS);
    windows.files().put(table, "note", "kept".getBytes(UTF_8));

    try (FileTree tree = trees.read(root);
        OpenFile open = tree.open(TABLE).orElseThrow()) {
      Xattrs expected =
          new Xattrs(
              List.of(
                  new Xattr(NOTE, text("kept")),
                  new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS))));
      assertThat(tree.xattrs(TABLE)).isEqualTo(expected);
      assertThat(open.xattrs()).isEqualTo(expected);
      assertThat(tree.xattrs(TreePath.ROOT).get(Xattrs.WINDOWS_DESCRIPTOR))
          .contains(text(FakeFiles.INHERITED));
    }
  }

  @Test
  void a_link_has_a_list_and_no_streams() throws IOException {
    windows.files().put(makeTable(), "note", "kept".getBytes(UTF_8));
    Files.createSymbolicLink(root.resolve("sub"), Path.of("table"));

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.xattrs(SUB).list())
          .containsExactly(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(FakeFiles.INHERITED)));
    }
  }

  @Test
  void a_file_with_another_list_or_stream_is_another() throws IOException {
    Path table = makeTable();

    try (FileTree tree = trees.read(root);
        OpenFile open = tree.open(TABLE).orElseThrow()) {
      Stat before = tree.stat(TABLE).orElseThrow();
      assertThat(open.stat().isUnchangedSince(before)).isTrue();

      windows.files().describe(table, ANNAS);

      assertThat(tree.stat(TABLE).orElseThrow().isUnchangedSince(before)).isFalse();
      assertThat(open.stat().isUnchangedSince(before)).isFalse();
      assertThat(before.changed()).isEqualTo(Instant.EPOCH);
    }
  }

  @Test
  void a_file_without_lists_and_streams_has_no_attributes() throws IOException {
    makeTable();
    windows.files().listsKept = false;

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.xattrs(TABLE)).isEqualTo(Xattrs.NONE);
    }
  }

  @Test
  void a_stream_that_no_archive_can_hold_is_told_and_not_lost() throws IOException {
    windows.files().put(makeTable(), "large", new byte[1]);
    windows.files().streamSize = FileExtras.LARGEST + 1;

    try (FileTree tree = trees.read(root)) {
      assertThatThrownBy(() -> tree.xattrs(TABLE))
          .isInstanceOf(FileFailure.class)
          .hasMessageContaining("table:large: an alternate data stream of more than 16 MiB");
    }
  }

  /** Its bytes would be more than a restore takes: 255 with what comes before the name. */
  @Test
  void a_stream_with_a_name_that_no_restore_takes_is_told() throws IOException {
    windows.files().put(makeTable(), "é".repeat(126), new byte[1]);

    try (FileTree tree = trees.read(root)) {
      assertThatThrownBy(() -> tree.xattrs(TABLE))
          .isInstanceOf(FileFailure.class)
          .hasMessageContaining("with a name that no archive holds");
    }
  }

  @Test
  void a_long_list_is_read_to_its_end() throws IOException {
    String text = ANNAS + "(A;;FA;;;S-1-5-21-1-2-3-1000)".repeat(1500);
    windows.files().describe(makeTable(), text);

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.xattrs(TABLE).get(Xattrs.WINDOWS_DESCRIPTOR)).contains(text(text));
    }
  }

  @Test
  void what_cannot_be_read_is_told() throws IOException {
    windows.files().put(makeTable(), "note", "kept".getBytes(UTF_8));

    try (FileTree tree = trees.read(root)) {
      for (int call = 1; call <= 9; call++) {
        windows.faults().failAt(call);
        assertThatThrownBy(() -> tree.xattrs(TABLE))
            .as("call %d of %s", call, windows.calls())
            .isInstanceOf(FileFailure.class);
      }
      windows.faults().failAt(10);
      assertThat(tree.xattrs(TABLE).list()).hasSize(2);
    }
  }

  private Attributes attributes(Xattr... xattrs) {
    return new Attributes(0644, 0, 0, TIME, new Xattrs(List.of(xattrs)));
  }

  // Where the test runs, an ordinary user gives no file to root.
  private void lose(String what) {
    if (!what.equals("table owner: operation not permitted")) {
      lost.add(what);
    }
  }

  private void writeTable(Xattr... xattrs) {
    try (TreeWriter writer =
            trees.write(root, (path, what, why) -> lose(path + " " + what + ": " + why));
        NewFile file = writer.file(TABLE).orElseThrow()) {
      file.write(ByteBuffer.allocateDirect(4), 0);
      file.finish(attributes(xattrs));
    }
  }

  @Test
  void lists_and_streams_are_restored() throws IOException {
    writeTable(new Xattr(NOTE, text("kept")), new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS)));

    Path table = root.resolve("table");
    assertThat(windows.files().descriptor(table)).isEqualTo(ANNAS);
    assertThat(windows.files().streams(table).get("note")).asString(UTF_8).isEqualTo("kept");
    assertThat(Files.getLastModifiedTime(table).toInstant()).isEqualTo(TIME);
    assertThat(windows.calls()).last().asString().startsWith("SetKernelObjectSecurity table");
    assertThat(lost).isEmpty();
  }

  @Test
  void directories_and_what_is_made_in_a_stage_get_them_too() throws IOException {
    try (Stage stage = trees.stage(root, ByteString.utf8(".new"), (_, _, _) -> {})) {
      assertThat(stage.writer().directory(SUB)).isTrue();
      stage
          .writer()
          .attributes(
              SUB,
              new Directory(),
              attributes(
                  new Xattr(NOTE, text("kept")),
                  new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS))));
    }

    Path sub = root.resolve(".new/sub");
    assertThat(windows.files().descriptor(sub)).isEqualTo(ANNAS);
    assertThat(windows.files().streams(sub)).containsKey("note");
  }

  @Test
  void who_may_not_give_a_file_away_restores_its_list_and_is_told() {
    windows.elevated = false;

    writeTable(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS)));

    assertThat(windows.files().descriptor(root.resolve("table")))
        .isEqualTo("O:BAG:SYD:PAI(A;;FA;;;S-1-5-21-1-2-3-1000)");
    assertThat(lost).containsExactly("table owner: it may not become the owner");
  }

  @Test
  void a_file_system_without_lists_is_told() {
    windows.files().listsKept = false;

    writeTable(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS)));

    assertThat(lost)
        .containsExactly("table windows.sddl: its file system has no access control lists");
  }

  @Test
  void a_name_of_a_stream_cannot_lead_to_another_file() {
    writeTable(
        new Xattr(text("user.a:b"), text("x")),
        new Xattr(text("user...\\..\\other"), text("x")),
        new Xattr(text("user."), text("x")));

    assertThat(lost)
        .hasSize(3)
        .allMatch(line -> line.endsWith("Windows allows no alternate data stream of this name"));
    assertThat(windows.files().streams(root.resolve("table"))).isEmpty();
  }

  @Test
  void other_attributes_of_linux_are_told() {
    writeTable(new Xattr(Xattrs.CAPABILITY, text("x")));

    assertThat(lost).containsExactly("table security.capability: not supported on this platform");
  }
}
