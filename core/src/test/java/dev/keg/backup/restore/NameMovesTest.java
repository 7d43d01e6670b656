package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
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
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root of a volume has parts, like large streams of Windows, which no rename moves. */
final class NameMovesTest {
  private static final String OF_SYSTEM = "of the system";

  @TempDir Path directory;

  /** The directory with the parts of a root, whose names begin with a colon. */
  private final Map<Path, Path> parts = new HashMap<>();

  private final List<String> losses = new ArrayList<>();
  private boolean keepsNoOwner;

  private Path live;
  private Replacement replacement;

  @BeforeEach
  void volume() throws IOException {
    VolumeHome home = new VolumeHome(Files.createDirectory(directory.resolve("vol")));
    live = Files.createDirectory(home.data());
    RestorePlace place = RestorePlace.inside(home, live);
    replacement =
        new Replacement(
            new Parted(),
            place,
            DirectorySync.NONE,
            new Replacement.Listener() {
              @Override
              public void discarded(Path tree) {}

              @Override
              public void lost(String what, String why) {
                losses.add(what + ": " + why);
              }
            });
    Files.writeString(live.resolve("table"), "old");
    Files.writeString(parts(live).resolve(":remark"), "old remark");
    Files.writeString(parts(live).resolve(":more"), "only old");
  }

  private Path parts(Path root) {
    return parts.computeIfAbsent(
        root,
        _ -> {
          try {
            return Files.createTempDirectory(directory, "parts");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void restore() throws IOException {
    Path stage = replacement.prepare();
    Files.writeString(stage.resolve("table"), "new");
    Files.writeString(parts(stage).resolve(":remark"), "new remark");
    replacement.commit();
  }

  @Test
  void the_parts_of_the_root_are_replaced_with_its_names() throws IOException {
    restore();

    assertThat(live.resolve("table")).hasContent("new");
    assertThat(parts(live).resolve(":remark")).hasContent("new remark");
    assertThat(DirectoryEntries.of(parts(live))).hasSize(1);
  }

  @Test
  void they_come_back_when_the_restore_is_undone() throws IOException {
    restore();

    replacement.undo();

    assertThat(live.resolve("table")).hasContent("old");
    assertThat(parts(live).resolve(":remark")).hasContent("old remark");
    assertThat(parts(live).resolve(":more")).hasContent("only old");
  }

  @Test
  void what_the_root_itself_cannot_keep_is_reported() throws IOException {
    keepsNoOwner = true;

    restore();

    assertThat(losses)
        .as("of the old tree, which moved out, and of the new one")
        .containsExactly("owner: nobody has this number", "owner: nobody has this number");
  }

  @Test
  void what_the_system_keeps_in_the_root_stays() throws IOException {
    Path own = Files.createDirectory(live.resolve(OF_SYSTEM));
    restore();
    assertThat(own).isEmptyDirectory();

    replacement.undo();

    assertThat(own).isEmptyDirectory();
    assertThat(live.resolve("table")).hasContent("old");
  }

  private static boolean isPart(TreePath path) {
    return path.toString().startsWith(":");
  }

  private final class Parted implements FileTrees {
    private final PortableFileTrees portable = new PortableFileTrees();

    @Override
    public FileTree read(Path root) {
      return new PartedTree(portable.read(root), portable.read(parts(root)));
    }

    @Override
    public TreeWriter write(Path root, Losses losses) {
      TreeWriter names = portable.write(root, losses);
      TreeWriter ofParts = portable.write(parts(root), losses);
      return (TreeWriter)
          Proxy.newProxyInstance(
              TreeWriter.class.getClassLoader(),
              new Class<?>[] {TreeWriter.class},
              (_, method, arguments) -> {
                boolean part =
                    arguments != null && arguments[0] instanceof TreePath path && isPart(path);
                if (keepsNoOwner && method.getName().equals("attributes")) {
                  losses.lost(TreePath.ROOT, "owner", "nobody has this number");
                }
                return method.invoke(part ? ofParts : names, arguments);
              });
    }

    @Override
    public Stage stage(Path root, ByteString name, Losses losses) {
      throw new AssertionError("nothing is staged");
    }

    @Override
    public boolean exchange(Path one, Path other) {
      throw new AssertionError("nothing is exchanged");
    }

    @Override
    public boolean isOfSystem(Path name) {
      return name.toString().equals(OF_SYSTEM);
    }
  }

  private record PartedTree(FileTree tree, FileTree parts) implements FileTree {
    private FileTree of(TreePath path) {
      return isPart(path) ? parts : tree;
    }

    @Override
    public Optional<Stat> stat(TreePath path) {
      return of(path).stat(path);
    }

    @Override
    public List<ByteString> names(TreePath directory) {
      return Stream.of(parts, tree).flatMap(from -> from.names(directory).stream()).toList();
    }

    @Override
    public Optional<OpenFile> open(TreePath file) {
      return of(file).open(file);
    }

    @Override
    public Optional<ByteString> target(TreePath symlink) {
      return tree.target(symlink);
    }

    @Override
    public Xattrs xattrs(TreePath path) {
      return of(path).xattrs(path);
    }

    @Override
    public Optional<TreePath> partOf(TreePath file) {
      return Optional.of(TreePath.ROOT).filter(_ -> isPart(file));
    }

    @Override
    public void close() {
      parts.close();
      tree.close();
    }
  }
}
