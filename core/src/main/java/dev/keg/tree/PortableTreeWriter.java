package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.CreationMode;
import dev.keg.file.FileFailures;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Symlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Creates a tree through java.nio. It checks a parent before using it, which is safe only if nobody
 * else can reach the tree; a platform's own writer does not depend on that.
 */
public final class PortableTreeWriter implements TreeWriter {
  private final Path root;
  private final PortablePaths paths;
  private final Losses losses;
  private TreePath checked = TreePath.ROOT;

  PortableTreeWriter(Path root, Losses losses) {
    this.root = root;
    this.losses = losses;
    paths = new PortablePaths(root);
  }

  @Override
  public boolean directory(TreePath path) {
    Path target = target(path);
    return made(target, () -> Files.createDirectory(target, CreationMode.ownersDirectory(target)));
  }

  @Override
  public Optional<NewFile> file(TreePath path) {
    Path target = target(path);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      FileChannel channel = FileChannel.open(target, options, CreationMode.ownersFile(target));
      return Optional.of(new Created(path, target, channel));
    } catch (FileAlreadyExistsException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.failure("create", target, e);
    }
  }

  @Override
  public Optional<NewFile> existing(TreePath path) {
    Path target = target(path);
    if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    return Optional.of(
        FileFailures.translate(
            "open", target, () -> new Created(path, target, FileChannel.open(target, options))));
  }

  @Override
  public boolean symlink(TreePath path, ByteString text) {
    Path target = target(path);
    return made(
        target,
        () -> {
          Path content = root.getFileSystem().getPath(text.utf8());
          if (!content.toString().equals(text.utf8())) {
            losses.lost(path, "link target", "written as " + content);
          }
          Files.createSymbolicLink(target, content);
        });
  }

  @Override
  public boolean link(TreePath path, TreePath existing) {
    Path target = target(path);
    Path from = target(existing);
    return made(target, () -> Files.createLink(target, from));
  }

  private static boolean made(Path target, FileFailures.FileAction step) {
    try {
      step.run();
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } catch (IOException e) {
      throw FileFailures.failure("create", target, e);
    }
  }

  @Override
  public boolean fifo(TreePath path) {
    losses.lost(path, "named pipe", "not supported on this platform");
    return true;
  }

  @Override
  public boolean device(TreePath path, Device device) {
    losses.lost(path, "device", "not supported on this platform");
    return true;
  }

  @Override
  public boolean exists(TreePath path) {
    for (TreePath at = path.parent(); !at.isRoot(); at = at.parent()) {
      if (!Files.isDirectory(paths.path(at), LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
    }
    Path target = paths.path(path);
    return Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void removeXattr(TreePath directory, ByteString name) {
    Path target = paths.path(directory);
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            target, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    String text = name.toString();
    if (view != null && text.startsWith("user.")) {
      FileFailures.run(
          "remove attribute of", target, () -> view.delete(text.substring("user.".length())));
    }
  }

  @Override
  public void remove(TreePath file) {
    Path target = target(file);
    FileFailures.run("remove", target, () -> Files.deleteIfExists(target));
  }

  @Override
  public void attributes(TreePath path, FileKind kind, Attributes attributes) {
    Path target = paths.path(path);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      put(path, target, kind instanceof Symlink, attributes);
    }
  }

  private void put(TreePath path, Path target, boolean symlink, Attributes attributes) {
    for (Xattrs.Xattr xattr : attributes.xattrs().list()) {
      xattr(path, target, xattr);
    }
    if (!symlink) {
      mode(path, target, attributes);
    }
    FileFailures.run(
        "set time",
        target,
        () ->
            Files.getFileAttributeView(
                    target, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(attributes.modified()), null, null));
  }

  private void mode(TreePath path, Path target, Attributes attributes) {
    Set<String> views = target.getFileSystem().supportedFileAttributeViews();
    try {
      if (isDefault() && views.contains("unix")) {
        owner(path, target, attributes);
        Files.setAttribute(target, "unix:mode", attributes.mode(), LinkOption.NOFOLLOW_LINKS);
      } else if (views.contains("posix")) {
        Files.setPosixFilePermissions(target, permissions(attributes.mode()));
      }
    } catch (IOException e) {
      losses.lost(path, "mode", FileFailures.reason(e));
    }
  }

  private void owner(TreePath path, Path target, Attributes attributes) {
    try {
      Files.setAttribute(target, "unix:uid", (int) attributes.uid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(target, "unix:gid", (int) attributes.gid(), LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      losses.lost(path, "owner", FileFailures.reason(e));
    }
  }

  private void xattr(TreePath path, Path target, Xattrs.Xattr xattr) {
    String name = xattr.name().toString();
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            target, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null || !name.startsWith("user.")) {
      losses.lost(path, name, "not supported on this platform");
      return;
    }
    try {
      view.write(name.substring("user.".length()), ByteBuffer.wrap(xattr.value().toArray()));
    } catch (IOException e) {
      losses.lost(path, name, FileFailures.reason(e));
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(all[i]);
      }
    }
    return set;
  }

  private Path target(TreePath path) {
    TreePath parent = path.parent();
    if (!parent.equals(checked)) {
      requireDirectories(parent);
      checked = parent;
    }
    return paths.path(path);
  }

  private void requireDirectories(TreePath directory) {
    for (TreePath at = directory; !at.isRoot(); at = at.parent()) {
      Path path = paths.path(at);
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        String why = Files.isSymbolicLink(path) ? "a symbolic link" : "not a directory";
        throw new FileFailure("create", path.toString(), why, null);
      }
    }
  }

  private boolean isDefault() {
    return root.getFileSystem().equals(FileSystems.getDefault());
  }

  @Override
  public TreeWriter another() {
    return new PortableTreeWriter(root, losses);
  }

  /** Does nothing, since each file was synced when it was complete. */
  @Override
  public void sync() {}

  @Override
  public void close() {}

  private final class Created implements NewFile {
    private final TreePath path;
    private final Path target;
    private final FileChannel channel;

    Created(TreePath path, Path target, FileChannel channel) {
      this.path = path;
      this.target = target;
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer from, long position) {
      FileFailures.run(
          "write",
          target,
          () -> {
            long at = position;
            while (from.hasRemaining()) {
              at += channel.write(from, at);
            }
          });
    }

    @Override
    public void size(long size) {
      FileFailures.run(
          "write",
          target,
          () -> {
            if (channel.size() > size) {
              channel.truncate(size);
            } else if (channel.size() < size) {
              channel.write(ByteBuffer.allocate(1), size - 1);
            }
          });
    }

    @Override
    public void finish(Attributes attributes) {
      put(path, target, false, attributes);
      FileFailures.run("sync", target, () -> channel.force(true));
    }

    @Override
    public void close() {
      FileFailures.run("close", target, channel::close);
    }
  }
}
