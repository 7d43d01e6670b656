package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.OpenFile;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file may be a part of another one, like large streams of Windows. */
final class MergingTest {
  private Path live;
  private Path stage;

  @BeforeEach
  void trees(@TempDir Path directory) throws IOException {
    live = Files.createDirectory(directory.resolve("live"));
    stage = Files.createDirectory(directory.resolve("stage"));
  }

  @Test
  void a_part_of_a_file_gives_way_with_it_and_one_of_a_directory_stays() throws IOException {
    Files.writeString(live.resolve("table"), "old");
    Files.writeString(live.resolve("table+note"), "of the old table");
    Files.writeString(live.resolve("+remark"), "of the directory");
    Files.writeString(live.resolve("+both"), "old");
    Files.writeString(stage.resolve("table"), "restored");
    Files.writeString(stage.resolve("+both"), "restored");

    new Merging(new Parts(), live, stage, _ -> true, (_, _, _) -> {}).run();

    assertThat(stage.resolve("table")).hasContent("restored");
    assertThat(stage.resolve("table+note")).doesNotExist();
    assertThat(stage.resolve("+remark")).hasContent("of the directory");
    assertThat(stage.resolve("+both")).hasContent("restored");
    Files.writeString(stage.resolve("+remark"), "of the stage");
    assertThat(live.resolve("+remark")).hasContent("of the directory");
  }

  /** {@code odd} has an attribute that this writer does not keep on any system. */
  @Test
  void what_cannot_be_kept_of_the_live_tree_is_reported() throws IOException {
    Files.createDirectory(live.resolve("odd"));
    List<String> lost = new ArrayList<>();

    new Merging(new Parts(), live, stage, _ -> true, (path, what, _) -> lost.add(path + " " + what))
        .run();

    assertThat(stage.resolve("odd")).isEmptyDirectory();
    assertThat(lost).contains("odd security.capability");
  }

  /** Treats {@code file+part} as a part of a file, and {@code +part} as one of its directory. */
  private static final class Parts implements FileTrees {
    private final PortableFileTrees portable = new PortableFileTrees();

    @Override
    public FileTree read(Path root) {
      FileTree tree = portable.read(root);
      return new FileTree() {
        @Override
        public Optional<Stat> stat(TreePath path) {
          return tree.stat(path);
        }

        @Override
        public List<ByteString> names(TreePath directory) {
          return tree.names(directory);
        }

        @Override
        public Optional<OpenFile> open(TreePath file) {
          return tree.open(file);
        }

        @Override
        public Optional<ByteString> target(TreePath symlink) {
          return tree.target(symlink);
        }

        @Override
        public Xattrs xattrs(TreePath path) {
          return path.toString().equals("odd")
              ? new Xattrs(List.of(new Xattr(Xattrs.CAPABILITY, ByteString.utf8("x"))))
              : tree.xattrs(path);
        }

        @Override
        public Optional<TreePath> partOf(TreePath file) {
          int plus = file.name().toString().indexOf('+');
          return switch (plus) {
            case -1 -> Optional.empty();
            case 0 -> Optional.of(file.parent());
            default -> Optional.of(file.parent().child(file.name().substring(0, plus)));
          };
        }

        @Override
        public void close() {
          tree.close();
        }
      };
    }

    @Override
    public TreeWriter write(Path root, Losses losses) {
      return portable.write(root, losses);
    }

    @Override
    public Stage stage(Path root, ByteString name, Losses losses) {
      throw new AssertionError("nothing is staged");
    }

    @Override
    public boolean exchange(Path one, Path other) {
      throw new AssertionError("nothing is exchanged");
    }
  }
}
