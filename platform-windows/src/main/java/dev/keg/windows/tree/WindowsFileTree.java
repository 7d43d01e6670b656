package dev.keg.windows.tree;

import dev.keg.file.FileFailures;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileTree;
import dev.keg.tree.OpenFile;
import dev.keg.tree.PortableStat;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.file.OpenStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a tree with access control lists and alternate data streams. A large stream is a file: see
 * {@link StreamFile}.
 */
final class WindowsFileTree implements FileTree {
  private final Path root;
  private final FileTree portable;
  private final FileExtras extras;
  private final ShownStreams shown;

  WindowsFileTree(Path root, FileTree portable, FileExtras extras) {
    this.root = root;
    this.portable = portable;
    this.extras = extras;
    this.shown = new ShownStreams(extras.streams());
  }

  /** A change to the access control list or a stream counts as a change of the file. */
  @Override
  public Optional<Stat> stat(TreePath path) {
    shown.meet(path);
    return StreamFile.of(path)
        .map(this::stat)
        .orElseGet(() -> plain(path).flatMap(stat -> extras.changed(path, stat)));
  }

  /** Empty for a name that Windows does not support, which an archive of Linux may ask for. */
  private Optional<Stat> plain(TreePath path) {
    return UsablePaths.whyNot(path).isEmpty() ? portable.stat(path) : Optional.empty();
  }

  private Optional<Stat> stat(StreamFile file) {
    return plain(file.owner())
        .filter(stat -> hasStreams(stat.type()))
        .flatMap(stat -> extras.changed(file.owner(), stat))
        .flatMap(owner -> extras.streams().stat(file, owner));
  }

  private static boolean hasStreams(Stat.Type type) {
    return type == Stat.Type.REGULAR || type == Stat.Type.DIRECTORY;
  }

  /**
   * Includes the large streams of the directory and of the files in it, but not Windows' own files.
   */
  @Override
  public List<ByteString> names(TreePath directory) {
    if (plain(directory).isEmpty()) {
      return List.of();
    }
    List<ByteString> files =
        portable.names(directory).stream()
            .filter(name -> !directory.isRoot() || !UsablePaths.isOfSystem(name))
            .toList();
    List<ByteString> names = new ArrayList<>(files);
    names.addAll(shown.list(directory, files, this::isFile));
    Collections.sort(names);
    return names;
  }

  // A directory shows its own streams, and a link has none.
  private boolean isFile(TreePath path) {
    return portable.stat(path).filter(stat -> stat.type() == Stat.Type.REGULAR).isPresent();
  }

  @Override
  public Optional<OpenFile> open(TreePath file) {
    shown.forgetDirectory();
    return StreamFile.of(file)
        .map(this::open)
        .orElseGet(
            () -> plain(file).flatMap(_ -> portable.open(file)).map(open -> new Open(file, open)));
  }

  private Optional<OpenFile> open(StreamFile file) {
    return stat(file)
        .flatMap(_ -> extras.streams().open(file))
        .map(open -> new LargeStream(file, open));
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    return plain(symlink).flatMap(_ -> portable.target(symlink));
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    if (StreamFile.of(path).isPresent()) {
      return Xattrs.NONE;
    }
    return plain(path)
        .map(stat -> extras.read(path, stat.type(), () -> look(path, stat.type())))
        .orElse(Xattrs.NONE);
  }

  private TreeStreams.Streams look(TreePath path, Stat.Type type) throws Win32Exception {
    if (type == Stat.Type.DIRECTORY) {
      return shown.ofDirectory(path);
    }
    shown.forgetDirectory();
    return extras.streams().split(path, Optional.empty());
  }

  @Override
  public Optional<TreePath> partOf(TreePath file) {
    return StreamFile.of(file).map(StreamFile::owner);
  }

  @Override
  public Optional<String> withheld() {
    List<String> all = Stream.of(extras.withheld(), ofSystem()).flatMap(Optional::stream).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
  }

  /**
   * Why Windows' own directory is left out: in the root of a disk, Windows recreates it; elsewhere,
   * somebody else created it.
   */
  private Optional<String> ofSystem() {
    return portable.names(TreePath.ROOT).stream()
        .filter(UsablePaths::isOfSystem)
        .filter(_ -> !isOfDisk())
        .findFirst()
        .map(
            name ->
                ("the directory '%s' is not saved, because Windows reserves this name;"
                        + " rename it")
                    .formatted(name));
  }

  /** Java reports a directory with a mounted volume as "other". */
  private boolean isOfDisk() {
    if (root.getParent() == null) {
      return true;
    }
    BasicFileAttributes own =
        FileFailures.translate(
            "read",
            root,
            () -> Files.readAttributes(root, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    return own.isOther() || own.isSymbolicLink();
  }

  @Override
  public void close() {
    portable.close();
  }

  private final class Open implements OpenFile {
    private final TreePath path;
    private final OpenFile file;
    private boolean resized;
    private int looks;

    Open(TreePath path, OpenFile file) {
      this.path = path;
      this.file = file;
    }

    /** A file whose streams are not shown according to their size counts as changed every time. */
    @Override
    public Stat stat() {
      Stat stat = file.stat();
      Stat whole = extras.changed(path, stat).orElse(stat);
      return resized ? whole.withChanged(whole.changed().plusNanos(++looks)) : whole;
    }

    @Override
    public Xattrs xattrs() {
      return extras.read(
          path,
          Stat.Type.REGULAR,
          () -> {
            TreeStreams.Streams streams = shown.ofFile(path);
            resized = streams.resized();
            return streams;
          });
    }

    @Override
    public List<Extent> data(long size) {
      return file.data(size);
    }

    @Override
    public int read(ByteBuffer into, long position) {
      return file.read(into, position);
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /** A large stream. */
  private final class LargeStream implements OpenFile {
    private final StreamFile file;
    private final OpenStream stream;

    LargeStream(StreamFile file, OpenStream stream) {
      this.file = file;
      this.stream = stream;
    }

    @Override
    public Stat stat() {
      return WindowsFileTree.this.stat(file).orElseGet(PortableStat::gone);
    }

    @Override
    public Xattrs xattrs() {
      return Xattrs.NONE;
    }

    @Override
    public List<Extent> data(long size) {
      return RegularFile.whole(size).data();
    }

    @Override
    public int read(ByteBuffer into, long position) {
      try {
        return stream.read(into, position);
      } catch (Win32Exception e) {
        throw extras.streams().failure("read", file, e);
      }
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
