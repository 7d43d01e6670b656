package dev.keg.windows.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.FileTree;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeCopy;
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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees with Windows-only content, on a fake Windows. */
final class WindowsFileTreesTest {
  private static final TreePath TABLE = TreePath.ROOT.child(ByteString.utf8("table"));
  private static final TreePath SUB = TreePath.ROOT.child(ByteString.utf8("sub"));
  private static final ByteString NOTE = ByteString.utf8("user.note");
  private static final String ANNAS = "O:S-1-5-21-1-2-3-1000G:SYD:PAI(A;;FA;;;S-1-5-21-1-2-3-1000)";
  private static final String AUDITED = "S:AI(AU;IDSA;FA;;;WD)";
  private static final TreePath LARGE = TreePath.ROOT.child(ByteString.utf8("table:large:$DATA"));
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

  private static byte[] large(int seed) {
    byte[] content = new byte[(int) TreeStreams.LARGEST + 1];
    new Random(seed).nextBytes(content);
    return content;
  }

  @Test
  void a_large_stream_is_a_file_beside_its_own_or_in_its_directory() throws IOException {
    Path table = makeTable();
    windows.files().put(table, "note", "kept".getBytes(UTF_8));
    windows.files().put(table, "large", large(1));
    windows.files().put(Files.createDirectory(root.resolve("sub")), "remark", large(2));
    windows.files().put(root, "top", large(3));

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.names(TreePath.ROOT))
          .containsExactly(text(":top:$DATA"), text("sub"), text("table"), LARGE.name());
      assertThat(tree.names(SUB)).containsExactly(text(":remark:$DATA"));
      assertThat(tree.xattrs(TABLE).list()).contains(new Xattr(NOTE, text("kept"))).hasSize(2);
      assertThat(tree.xattrs(LARGE)).isEqualTo(Xattrs.NONE);
      assertThat(tree.partOf(LARGE)).contains(TABLE);
      assertThat(tree.partOf(SUB.child(text(":remark:$DATA")))).contains(SUB);
      assertThat(tree.partOf(TABLE)).isEmpty();
      Stat stat = tree.stat(LARGE).orElseThrow();
      assertThat(stat.type()).isEqualTo(Stat.Type.REGULAR);
      assertThat(stat.size()).isEqualTo(TreeStreams.LARGEST + 1);
      try (OpenFile open = tree.open(LARGE).orElseThrow()) {
        assertThat(open.stat().isUnchangedSince(stat)).isTrue();
        assertThat(content(open)).isEqualTo(large(1));
        assertThat(open.read(ByteBuffer.allocateDirect(9), stat.size())).isEqualTo(-1);
      }
      windows.files().streams(table).remove("large");
      assertThat(tree.stat(LARGE)).isEmpty();
      assertThat(tree.open(LARGE)).isEmpty();
    }
  }

  /** A piece at a time, so that no stream has to fit into memory. */
  private static byte[] content(OpenFile open) {
    ByteBuffer content = ByteBuffer.allocate((int) open.stat().size());
    ByteBuffer piece = ByteBuffer.allocateDirect(10_000);
    for (int n = open.read(piece, 0); n > 0; n = open.read(piece.clear(), content.position())) {
      content.put(piece.flip());
    }
    return content.array();
  }

  @Test
  void many_small_streams_are_files_once_they_are_too_much_together() throws IOException {
    Path table = makeTable();
    for (int i = 100; i < 117; i++) {
      windows.files().put(table, "s" + i, new byte[(int) TreeStreams.LARGEST]);
    }

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.names(TreePath.ROOT))
          .containsExactly(text("table"), text("table:s116:$DATA"));
      assertThat(tree.xattrs(TABLE).list()).hasSize(17);
    }
  }

  @Test
  void a_tree_with_large_streams_is_copied() throws IOException {
    Path table = makeTable();
    windows.files().put(table, "large", large(1));
    windows.files().put(Files.createDirectory(root.resolve("sub")), "remark", large(2));
    windows.files().put(root, "top", large(3));
    Files.setLastModifiedTime(table, FileTime.from(TIME));
    Path copy = Files.createDirectory(root.resolveSibling("copy"));

    try (FileTree from = trees.read(root);
        TreeWriter to = trees.write(copy, (path, what, why) -> lose(path + " " + what + why))) {
      new TreeCopy(from, to).run();
    }

    assertThat(windows.files().streams(copy.resolve("table"))).containsEntry("large", large(1));
    assertThat(windows.files().streams(copy.resolve("sub"))).containsEntry("remark", large(2));
    assertThat(windows.files().streams(copy)).containsEntry("top", large(3));
    assertThat(Files.getLastModifiedTime(copy.resolve("table")).toInstant()).isEqualTo(TIME);
    assertThat(copy.resolve("table")).hasContent("rows");
    assertThat(copy).isDirectoryNotContaining(file -> file.toString().contains("$DATA"));
    assertThat(lost).isEmpty();
  }

  /** As with several threads that restore. */
  @Test
  void a_large_stream_may_come_before_its_file() throws IOException {
    try (TreeWriter writer = trees.write(root, (_, _, _) -> {});
        TreeWriter another = writer.another()) {
      write(writer, LARGE, large(1));
      write(another, TABLE, "rows".getBytes(UTF_8));
      assertThat(another.file(TABLE)).isEmpty();
      assertThat(another.file(LARGE)).isEmpty();
    }

    Path table = root.resolve("table");
    assertThat(table).hasContent("rows");
    assertThat(windows.files().streams(table)).containsEntry("large", large(1));
    assertThat(Files.getLastModifiedTime(table).toInstant()).isEqualTo(TIME);
  }

  private void write(TreeWriter writer, TreePath path, byte[] content) {
    try (NewFile file = writer.file(path).orElseThrow()) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
      file.write(
          bytes.slice(content.length / 2, content.length - content.length / 2), content.length / 2);
      file.write(bytes.slice(0, content.length / 2), 0);
      file.finish(attributes());
    }
  }

  @Test
  void a_large_stream_is_changed_cut_and_removed() throws IOException {
    Path table = makeTable();
    windows.files().put(table, "large", large(1));

    try (TreeWriter writer = trees.write(root, (_, _, _) -> {})) {
      try (NewFile file = writer.existing(LARGE).orElseThrow()) {
        file.write(ByteBuffer.allocateDirect(2), 1);
        file.size(3);
      }
      assertThat(windows.files().streams(table).get("large")).containsExactly(large(1)[0], 0, 0);
      assertThat(writer.exists(LARGE)).isTrue();
      writer.remove(LARGE);
      writer.remove(LARGE);
      assertThat(writer.exists(LARGE)).isFalse();
      assertThat(writer.existing(LARGE)).isEmpty();
    }
  }

  @Test
  void a_large_stream_is_written_through_no_link() throws IOException {
    Path elsewhere = Files.createDirectory(root.resolveSibling("elsewhere"));
    Files.createSymbolicLink(root.resolve("sub"), elsewhere);

    try (TreeWriter writer = trees.write(root, (_, _, _) -> {})) {
      assertThatThrownBy(() -> writer.file(SUB.child(text(":x:$DATA"))))
          .isInstanceOf(FileFailure.class)
          .hasMessageEndingWith("sub: not a directory");
      assertThatThrownBy(() -> writer.file(SUB.child(text("file:x:$DATA"))))
          .isInstanceOf(FileFailure.class);
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void a_large_stream_that_the_file_system_does_not_take_is_reported() {
    windows.faults().failAt(6);
    try (TreeWriter writer =
            trees.write(root, (path, what, why) -> lose(path + " " + what + ": " + why));
        NewFile file = writer.file(LARGE).orElseThrow()) {
      file.write(ByteBuffer.allocateDirect(4), 0);
      file.finish(attributes());
    }

    assertThat(lost)
        .containsExactly("table:large:$DATA alternate data stream: the device reports an error");
  }

  @Test
  void a_large_stream_with_a_name_that_no_file_can_have_is_reported() throws IOException {
    windows.files().put(makeTable(), "n".repeat(250), large(1));

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.names(TreePath.ROOT)).containsExactly(text("table"));
      assertThatThrownBy(() -> tree.xattrs(TABLE))
          .isInstanceOf(FileFailure.class)
          .hasMessageContaining("with a name that no archive holds");
    }
  }

  /** Possible names on Linux; the first one leads out of the tree, others are devices. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "..\\..\\out",
        "a:b",
        "..:a:$DATA",
        "nul",
        "com1.log",
        "dot.",
        "space ",
        "a?",
        "a\tb"
      })
  void what_has_a_name_that_windows_does_not_have_is_lost_and_reported(String name)
      throws IOException {
    TreePath path = TreePath.ROOT.child(text(name));
    try (TreeWriter writer =
        trees.write(root, (at, what, why) -> lose(at.name() + " " + what + ": " + why))) {
      write(writer, path, "rows".getBytes(UTF_8));
      assertThat(writer.directory(path)).isTrue();
      write(writer, path.child(text("table")), "rows".getBytes(UTF_8));
      writer.attributes(path, new Directory(), attributes());
      assertThat(writer.symlink(path, text("table"))).isTrue();
      write(writer, TreePath.ROOT.child(text(name + ":large:$DATA")), large(1));
      assertThat(writer.exists(path)).isFalse();
      assertThat(writer.existing(path)).isEmpty();
      write(writer, TABLE, "rows".getBytes(UTF_8));
      assertThat(writer.link(path, TABLE)).isTrue();
      writer.remove(path);
    }

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.stat(path)).isEmpty();
      assertThat(tree.open(path)).isEmpty();
      assertThat(tree.names(path)).isEmpty();
      assertThat(tree.target(path)).isEmpty();
      assertThat(tree.xattrs(path)).isEqualTo(Xattrs.NONE);
    }
    assertThat(root)
        .isDirectoryContaining("glob:**/table")
        .isDirectoryNotContaining("glob:**/[!t]*");
    assertThat(lost).hasSize(6).allMatch(line -> line.contains(" all of it: "));
    assertThat(windows.calls()).noneMatch(call -> call.contains(":large"));
  }

  /** Only Windows may read it, and creates it in the root of each disk. */
  @Test
  void what_windows_keeps_in_the_root_of_a_disk_is_not_content() throws IOException {
    ByteString name = text("system volume information");
    Files.createDirectory(root.resolve(name.toString()));
    Files.createDirectories(root.resolve("sub").resolve(name.toString()));

    try (FileTree tree = trees.read(root)) {
      assertThat(tree.names(TreePath.ROOT)).containsExactly(text("sub"));
      assertThat(tree.stat(TreePath.ROOT.child(name))).isEmpty();
      assertThat(tree.names(SUB)).containsExactly(name);
      assertThat(tree.withheld()).as("here, somebody else made it").isPresent();
    }
    Path mounted = Files.createSymbolicLink(root.resolveSibling("mounted"), root);
    try (FileTree tree = trees.read(mounted)) {
      assertThat(tree.withheld()).as("a link stands for a disk").isEmpty();
    }
    assertThat(trees.isOfSystem(Path.of("System Volume Information"))).isTrue();
    try (TreeWriter writer = trees.write(root, (at, what, _) -> lose(at.name() + " " + what))) {
      write(writer, TreePath.ROOT.child(name).child(text("table")), large(1));
    }
    assertThat(lost).containsExactly("table all of it");
  }

  /** Every system refuses a zero in a path; Windows also a colon, as in {@code 10.0.0.1:+42}. */
  @Test
  void a_link_to_an_impossible_path_is_lost_and_reported() throws IOException {
    ByteString latin1 = ByteString.of(new byte[] {'n', (byte) 0xe9});
    TreePath link = TreePath.ROOT.child(text("lock"));
    try (TreeWriter writer = trees.write(root, (at, what, _) -> lose(at.name() + " " + what))) {
      assertThat(writer.symlink(link, text("a\0b"))).isTrue();
      assertThat(writer.symlink(link, latin1)).isTrue();
      writer.attributes(link, new Symlink(latin1), attributes());
      assertThat(writer.symlink(TreePath.ROOT.child(text("sound")), text("table"))).isTrue();
    }

    assertThat(root)
        .isDirectoryNotContaining("glob:**/lock")
        .isDirectoryContaining("glob:**/sound");
    assertThat(lost).containsExactly("lock all of it", "lock all of it");
  }

  @Test
  void what_is_audited_is_read_and_restored() throws IOException {
    windows.files().describe(makeTable(), ANNAS + AUDITED);
    Xattr list = new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS + AUDITED));
    try (FileTree tree = trees.read(root)) {
      assertThat(tree.xattrs(TABLE).list()).containsExactly(list);
      assertThat(tree.withheld()).isEmpty();
    }
    Files.delete(root.resolve("table"));

    writeTable(list);

    assertThat(windows.files().descriptor(root.resolve("table"))).isEqualTo(ANNAS + AUDITED);
    assertThat(lost).isEmpty();
  }

  @Test
  void without_the_right_to_audit_the_rest_is_saved_and_restored_with_a_report()
      throws IOException {
    windows.elevated = false;
    windows.files().describe(makeTable(), ANNAS + AUDITED);
    try (FileTree tree = trees.read(root)) {
      assertThat(tree.xattrs(TABLE).get(Xattrs.WINDOWS_DESCRIPTOR)).contains(text(ANNAS));
      assertThat(tree.withheld().orElseThrow()).contains("SeSecurityPrivilege");
    }
    Files.delete(root.resolve("table"));

    writeTable(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS + AUDITED)));

    assertThat(windows.files().descriptor(root.resolve("table")))
        .isEqualTo("O:BAG:SYD:PAI(A;;FA;;;S-1-5-21-1-2-3-1000)");
    assertThat(lost)
        .containsExactly(
            "table the audit list: SeSecurityPrivilege is not held",
            "table owner: this account cannot become the owner");
  }

  /** Its name in bytes would exceed the limit of a restore: 255 with its prefix. */
  @Test
  void a_stream_with_a_name_that_no_restore_takes_is_reported() throws IOException {
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
  void what_cannot_be_read_is_reported() throws IOException {
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

  // On the test's system, an ordinary user cannot give a file to root.
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
  void without_the_right_to_give_a_file_away_its_list_is_restored_with_a_report() {
    windows.elevated = false;

    writeTable(new Xattr(Xattrs.WINDOWS_DESCRIPTOR, text(ANNAS)));

    assertThat(windows.files().descriptor(root.resolve("table")))
        .isEqualTo("O:BAG:SYD:PAI(A;;FA;;;S-1-5-21-1-2-3-1000)");
    assertThat(lost).containsExactly("table owner: this account cannot become the owner");
  }

  @Test
  void a_file_system_without_lists_is_reported() {
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
  void other_attributes_of_linux_are_reported() {
    writeTable(new Xattr(Xattrs.CAPABILITY, text("x")));

    assertThat(lost).containsExactly("table security.capability: not supported on this platform");
  }
}
