package dev.keg.windows.tree;

import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.PortablePaths;
import dev.keg.tree.Stage;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.WindowsNames;
import dev.keg.windows.win32.Dlls;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The file trees of Windows. */
public final class WindowsFileTrees implements FileTrees {
  private final FileTrees portable = new PortableFileTrees();
  private final Supplier<Dlls> dlls;

  public WindowsFileTrees(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  @Override
  public FileTree read(Path root) {
    return new WindowsFileTree(root, portable.read(root), FileExtras.toRead(dlls.get(), root));
  }

  @Override
  public TreeWriter write(Path root, Losses losses) {
    FileExtras extras = FileExtras.toWrite(dlls.get(), root);
    return new WindowsTreeWriter(portable.write(root, losses), extras, losses);
  }

  @Override
  public Stage stage(Path root, ByteString name, Losses losses) {
    Stage stage = portable.stage(root, name, losses);
    FileExtras extras =
        FileExtras.toWrite(dlls.get(), new PortablePaths(root).path(TreePath.ROOT.child(name)));
    TreeWriter writer = new WindowsTreeWriter(stage.writer(), extras, losses);
    return new Stage() {
      @Override
      public TreeWriter writer() {
        return writer;
      }

      @Override
      public void publish(TreePath made, TreePath place) {
        stage.publish(made, place);
      }

      @Override
      public void close() {
        stage.close();
      }
    };
  }

  @Override
  public boolean exchange(Path one, Path other) {
    return portable.exchange(one, other);
  }

  @Override
  public boolean isOfSystem(Path name) {
    return WindowsNames.isOfSystem(name.toString());
  }
}
