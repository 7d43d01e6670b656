package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.NewFile;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Windows attributes in an archive are reported, and are no obstacle. */
@EnabledOnOs(OS.LINUX)
final class ForeignAttributesTest {
  private static final TreePath TABLE = TreePath.ROOT.child(ByteString.utf8("table"));

  private final List<String> lost = new ArrayList<>();

  @Test
  void access_control_lists_of_windows_and_large_streams_are_reported(@TempDir Path root) {
    write(
        root,
        new Xattr(Xattrs.WINDOWS_DESCRIPTOR, ByteString.utf8("O:BAG:SYD:P(A;;FA;;;SY)")),
        new Xattr(ByteString.utf8("user.large"), ByteString.of(new byte[100_000])));

    assertThat(lost).hasSize(2);
    assertThat(lost.getFirst()).startsWith("table user.large: ");
    assertThat(lost.getLast()).startsWith("table windows.sddl: ");
    assertThat(root.resolve("table")).exists();
  }

  /** On a disk with blocks of 1024 bytes, for which an attribute of 2000 bytes is too large. */
  @Test
  void a_file_system_that_keeps_few_attributes_is_not_taken_for_a_full_one() {
    var full = new ErrnoException("setxattr", "table", Errno.ENOSPC);

    assertThat(AttributeSetter.isTooMuch(streams(2000), full)).isTrue();
    assertThat(AttributeSetter.isTooMuch(streams(500, 500), full)).isTrue();
    assertThat(AttributeSetter.isTooMuch(streams(100), full)).isFalse();
  }

  private static Xattrs streams(int... lengths) {
    Xattrs all = Xattrs.NONE;
    for (int length : lengths) {
      ByteString name = ByteString.utf8("user.s" + all.list().size());
      all = all.with(name, ByteString.of(new byte[length]));
    }
    return all;
  }

  private void write(Path root, Xattr... xattrs) {
    try (TreeWriter writer =
            new LinuxFileTrees()
                .write(root, (path, what, why) -> lost.add(path + " " + what + ": " + why));
        NewFile file = writer.file(TABLE).orElseThrow()) {
      Stat own = stat(root);
      file.finish(
          new Attributes(0644, own.uid(), own.gid(), Instant.EPOCH, new Xattrs(List.of(xattrs))));
    }
  }

  private static Stat stat(Path root) {
    try (var tree = new LinuxFileTrees().read(root)) {
      return tree.stat(TreePath.ROOT).orElseThrow();
    }
  }
}
