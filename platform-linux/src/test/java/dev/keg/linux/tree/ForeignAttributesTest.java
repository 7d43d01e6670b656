package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What an archive has of Windows is told, and hinders nothing. */
@EnabledOnOs(OS.LINUX)
final class ForeignAttributesTest {
  private static final TreePath TABLE = TreePath.ROOT.child(ByteString.utf8("table"));

  private final List<String> lost = new ArrayList<>();

  @Test
  void a_list_of_windows_and_a_large_stream_are_told(@TempDir Path root) {
    write(
        root,
        new Xattr(Xattrs.WINDOWS_DESCRIPTOR, ByteString.utf8("O:BAG:SYD:P(A;;FA;;;SY)")),
        new Xattr(ByteString.utf8("user.large"), ByteString.of(new byte[100_000])));

    assertThat(lost).hasSize(2);
    assertThat(lost.getFirst()).startsWith("table user.large: ");
    assertThat(lost.getLast()).startsWith("table windows.sddl: ");
    assertThat(root.resolve("table")).exists();
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
