package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.FileKind.RegularFile;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A tree in memory whose files can change, disappear and fail at a chosen moment. */
public final class FakeTree implements FileTree {
  /** The modification time of all files at first. */
  public static final Instant LONG_AGO = Instant.parse("2020-01-02T03:04:05.678901234Z");

  private final NavigableMap<TreePath, FakeFile> files = new TreeMap<>();
  private final Set<TreePath> opened = new HashSet<>();
  private long inodes = 100;

  /** Whether it detects changes through mappings, unlike a tmpfs. */
  public boolean settles = true;

  /** The content that it reports as not shown. */
  public Optional<String> withheld = Optional.empty();

  /** The properties of a file that a test may set before or during reads. */
  public static final class FakeFile {
    public Stat.Type type = Stat.Type.REGULAR;
    public byte[] content = new byte[0];
    public List<Extent> data = List.of();
    public long inode;
    public long device = 1;
    public long links = 1;
    public int mode = 0644;
    public Instant modified = LONG_AGO;
    public Instant changed = LONG_AGO;
    public Xattrs xattrs = Xattrs.NONE;
    public boolean mountPoint;
    public boolean flagged;
    public boolean unreadable;
    public boolean gone;
    public Runnable onRead = () -> {};

    /** Like write(2). */
    public void write(byte[] newContent) {
      content = newContent;
      modified = modified.plusSeconds(1);
      changed = changed.plusSeconds(1);
    }

    Stat stat() {
      long size = type == Stat.Type.SYMLINK || type == Stat.Type.REGULAR ? content.length : 0;
      return new Stat(
          type,
          mode,
          1000,
          1001,
          size,
          modified,
          changed,
          device,
          inode,
          links,
          8,
          1,
          !data.isEmpty(),
          mountPoint,
          flagged);
    }
  }

  public FakeTree() {
    add("", Stat.Type.DIRECTORY).mode = 0755;
  }

  public FakeFile add(String path, Stat.Type type) {
    FakeFile file = new FakeFile();
    file.type = type;
    file.inode = inodes++;
    files.put(path.isEmpty() ? TreePath.ROOT : TreePath.parse(path), file);
    return file;
  }

  public FakeFile file(String path, byte[] content) {
    FakeFile file = add(path, Stat.Type.REGULAR);
    file.content = content;
    return file;
  }

  public FakeFile directory(String path) {
    return add(path, Stat.Type.DIRECTORY);
  }

  public FakeFile symlink(String path, String target) {
    FakeFile file = add(path, Stat.Type.SYMLINK);
    file.content = ByteString.utf8(target).toArray();
    return file;
  }

  /** Another name of a file. */
  public void link(String path, String existing) {
    FakeFile file = get(existing);
    file.links++;
    files.put(TreePath.parse(path), file);
  }

  public FakeFile get(String path) {
    FakeFile file = files.get(path.isEmpty() ? TreePath.ROOT : TreePath.parse(path));
    return Objects.requireNonNull(file, path);
  }

  /** Renames a directory without changing anything below it. */
  public void rename(String from, String to) {
    TreePath old = TreePath.parse(from);
    for (TreePath path : List.copyOf(files.keySet())) {
      if (path.isWithin(old)) {
        FakeFile file = Objects.requireNonNull(files.remove(path));
        files.put(TreePath.parse(to).resolve(path.below(old)), file);
      }
    }
    get(to).changed = get(to).changed.plusSeconds(1);
  }

  public void remove(String path) {
    files.remove(TreePath.parse(path));
  }

  /** The files that were opened so far. */
  public Set<TreePath> opened() {
    return opened;
  }

  private Optional<FakeFile> find(TreePath path) {
    return Optional.ofNullable(files.get(path)).filter(f -> !f.gone);
  }

  @Override
  public Optional<Stat> stat(TreePath path) {
    return find(path).map(FakeFile::stat);
  }

  @Override
  public List<ByteString> names(TreePath directory) {
    if (find(directory).filter(f -> f.unreadable).isPresent()) {
      throw new FileFailure("list", directory.toString(), "permission denied", null);
    }
    List<ByteString> names = new ArrayList<>();
    for (TreePath path : files.tailMap(directory, false).keySet()) {
      if (!path.isWithin(directory)) {
        break;
      }
      if (path.parent().equals(directory)) {
        names.add(path.name());
      }
    }
    return names;
  }

  @Override
  public Optional<OpenFile> open(TreePath path) {
    Optional<FakeFile> file = find(path).filter(f -> f.type == Stat.Type.REGULAR);
    opened.add(path);
    if (file.filter(f -> f.unreadable).isPresent()) {
      throw new FileFailure("read", path.toString(), "permission denied", null);
    }
    return file.map(Open::new);
  }

  @Override
  public Optional<ByteString> target(TreePath symlink) {
    return find(symlink).map(f -> ByteString.of(f.content));
  }

  @Override
  public Xattrs xattrs(TreePath path) {
    return find(path).map(f -> f.xattrs).orElse(Xattrs.NONE);
  }

  @Override
  public void close() {}

  private record Open(FakeFile file) implements OpenFile {
    @Override
    public Stat stat() {
      return file.stat();
    }

    @Override
    public Xattrs xattrs() {
      return file.xattrs;
    }

    @Override
    public List<Extent> data(long size) {
      return file.data.isEmpty() ? RegularFile.whole(size).data() : file.data;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      file.onRead.run();
      if (position >= file.content.length) {
        return -1;
      }
      // Never all at once; a file system may do the same.
      int n = (int) Math.min(Math.min(into.remaining(), 300_000), file.content.length - position);
      into.put(file.content, (int) position, n);
      return n;
    }

    @Override
    public void close() {}
  }

  /** The paths and their content, for a comparison of two trees. */
  public Map<TreePath, FakeFile> files() {
    return new HashMap<>(files);
  }

  @Override
  public Optional<String> withheld() {
    return withheld;
  }

  @Override
  public boolean settle() {
    return settles;
  }
}
