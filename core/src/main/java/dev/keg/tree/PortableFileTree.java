package dev.keg.tree;

import dev.keg.file.FileFailures;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.Xattrs.Xattr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a tree through java.nio. */
public final class PortableFileTree implements FileTree {
  private static final String USER = "user.";

  private final PortablePaths paths;

  PortableFileTree(Path root) {
    paths = new PortablePaths(root);
  }

  @Override
  public Optional<Stat> stat(TreePath path) {
    return stat(paths.path(path), path.isRoot());
  }

  private static Optional<Stat> stat(Path path, boolean root) {
    try {
      return Optional.of(root ? PortableStat.ofRoot(path) : PortableStat.of(path));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.failure("read", path, e);
    }
  }

  @Override
  public List<ByteString> names(TreePath directory) {
    Path path = paths.path(directory);
    List<ByteString> names = new ArrayList<>();
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return names;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      for (Path entry : stream) {
        names.add(paths.name(entry));
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      IOException cause = e.getCause() == null ? new IOException("unreadable") : e.getCause();
      throw FileFailures.failure("list", path, cause);
    } catch (IOException e) {
      throw FileFailures.failure("list", path, e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public Optional<OpenFile> open(TreePath file) {
    Path path = paths.path(file);
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      FileChannel channel =
          FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      return Optional.of(new Open(path, channel));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.failure("read", path, e);
    }
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    Path path = paths.path(symlink);
    try {
      return Optional.of(ByteString.utf8(linkTarget(path).toString()));
    } catch (NoSuchFileException | NotLinkException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.failure("read", path, e);
    }
  }

  private static Path linkTarget(Path path) throws IOException {
    try {
      return Files.readSymbolicLink(path);
    } catch (NotLinkException e) {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (PortableStat.isJunction(attributes)) {
        return path.toRealPath();
      }
      throw e;
    }
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return xattrs(paths.path(path));
  }

  private static Xattrs xattrs(Path path) {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null || Files.isSymbolicLink(path)) {
      return Xattrs.NONE;
    }
    try {
      List<Xattr> list = new ArrayList<>();
      for (String name : view.list()) {
        ByteBuffer value = ByteBuffer.allocate(view.size(name));
        view.read(name, value);
        list.add(
            new Xattr(
                ByteString.utf8(USER + name), ByteString.of(value.array(), 0, value.position())));
      }
      return Xattrs.of(list);
    } catch (FileSystemException _) {
      // Only regular files and directories can have any, and only on some file systems.
      return Xattrs.NONE;
    } catch (IOException e) {
      throw FileFailures.failure("read attributes", path, e);
    }
  }

  @Override
  public void close() {}

  private record Open(Path path, FileChannel channel) implements OpenFile {
    @Override
    public Stat stat() {
      return PortableFileTree.stat(path, false).orElseGet(PortableStat::gone);
    }

    @Override
    public Xattrs xattrs() {
      return PortableFileTree.xattrs(path);
    }

    @Override
    public List<Extent> data(long size) {
      return RegularFile.whole(size).data();
    }

    @Override
    public int read(ByteBuffer into, long position) {
      return FileFailures.translate("read", path, () -> channel.read(into, position));
    }

    @Override
    public void close() {
      FileFailures.run("close", path, channel::close);
    }
  }
}
