package dev.keg.usage;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.tree.PortablePaths;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.WindowsNames;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Measures trees through java.nio, which reports neither blocks nor mount points nor inodes. */
public final class PortableTreeScans implements TreeScans {
  @Override
  public Optional<TreeScan> open(Path directory) {
    return Files.isDirectory(directory)
        ? Optional.of(new Scan(directory, new PortablePaths(directory)))
        : Optional.empty();
  }

  private record Scan(Path root, PortablePaths paths) implements TreeScan {
    @Override
    public void scan(TreePath directory, Visitor visitor) {
      Path path = paths.path(directory);
      try {
        for (Path entry : DirectoryEntries.of(path)) {
          if (!directory.isRoot() || !isOfSystem(entry)) {
            visit(entry, visitor);
          }
        }
      } catch (NotDirectoryException _) {
        return; // something else has taken its place
      } catch (IOException e) {
        throw FileFailures.failure("measure", path, e);
      }
    }

    /** On other systems, a directory of that name is an ordinary one. */
    private static boolean isOfSystem(Path entry) {
      return entry.getFileSystem().getSeparator().equals("\\")
          && WindowsNames.isOfSystem(String.valueOf(entry.getFileName()));
    }

    private void visit(Path entry, Visitor visitor) throws IOException {
      try {
        BasicFileAttributes found =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // A Windows junction is a link, although Java reports it as a directory.
        if (!found.isDirectory()) {
          visitor.file(found.fileKey(), found.size(), 0);
        } else if (!found.isOther()) {
          visitor.directory(paths.name(entry), 0);
        }
      } catch (NoSuchFileException _) {
        return; // it has vanished
      }
    }

    @Override
    public long occupied() {
      return 0;
    }

    @Override
    public boolean tellsBlocks() {
      return false;
    }

    @Override
    public Optional<Room> room() {
      return FileFailures.translate(
          "measure",
          root,
          () -> {
            FileStore store = Files.getFileStore(root);
            return Optional.of(
                new Room(
                    new Size(store.getTotalSpace()),
                    new Size(store.getUnallocatedSpace()),
                    new Size(store.getUsableSpace()),
                    0,
                    0));
          });
    }

    @Override
    public void close() {}
  }
}
