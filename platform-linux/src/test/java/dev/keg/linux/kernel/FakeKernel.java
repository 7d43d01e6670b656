package dev.keg.linux.kernel;

import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.LoopDevices;
import dev.keg.linux.driver.ProjectQuotas;
import dev.keg.linux.mount.Mounts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A machine that remembers each call, has its own mounts and loop devices, and fails on request.
 * Files are those of the real file system.
 */
public final class FakeKernel implements FakeWorld {
  /** All calls in order, such as {@code move_mount tmpfs /x}. */
  public final List<String> journal = new ArrayList<>();

  /** System calls that this kernel is too old for. */
  public final Set<String> missing = new HashSet<>();

  /** The error of an injected failure. */
  public int errno = Errno.EIO;

  public final FakeMounts mounts = new FakeMounts(this);
  public final FakeFiles files = new FakeFiles(this);
  public final FakeLoops loops = new FakeLoops(this);
  public final FakeQuotas quotas = new FakeQuotas(this);
  public final FakeTools tools = new FakeTools(this);

  private final Faults faults = new Faults();
  private final Map<Integer, Object> open = new HashMap<>();
  private int lastFd = 2;

  public Kernel kernel() {
    return new Kernel(
        new Mounts(mounts, files, mounts::table),
        new LoopDevices(loops, files),
        new ProjectQuotas(quotas, files),
        files,
        tools);
  }

  /** Called first in every call. */
  void call(String name, Object about) throws ErrnoException {
    journal.add((name + " " + about).strip());
    if (missing.contains(name)) {
      throw new ErrnoException(name, about.toString(), Errno.ENOSYS);
    }
    if (faults.hit()) {
      throw new ErrnoException(name, about.toString(), errno);
    }
  }

  /** For calls that report failures other than by a number. */
  boolean hit(String line) {
    journal.add(line);
    return faults.hit();
  }

  Fd opened(Object what) {
    open.put(++lastFd, what);
    return new Fd(lastFd, this::close);
  }

  private void close(int number) {
    open.remove(number);
    loops.sweep();
  }

  <T> T what(Fd fd, Class<T> type) {
    return type.cast(Objects.requireNonNull(open.get(fd.number()), "the descriptor is closed"));
  }

  boolean isOpen(Object what) {
    return open.containsValue(what);
  }

  /** The target of a descriptor's link in /proc. */
  String resolve(String path) {
    String prefix = "/proc/self/fd/";
    if (!path.startsWith(prefix)) {
      return path;
    }
    String rest = path.substring(prefix.length());
    int slash = rest.indexOf('/');
    String number = slash < 0 ? rest : rest.substring(0, slash);
    Object what = open.get(Integer.valueOf(number));
    String base =
        what instanceof FakeMounts.Detached mount ? mount.attachedAt : String.valueOf(what);
    return slash < 0 ? base : base + rest.substring(slash);
  }

  @Override
  public SortedSet<String> standing() {
    SortedSet<String> all = new TreeSet<>();
    mounts.mounts().forEach(mount -> all.add("mount " + mount.source() + " " + mount.target()));
    loops.devices().forEach((number, image) -> all.add("loop" + number + " " + image));
    tools.mappings().forEach(name -> all.add("mapping " + name));
    return all;
  }

  @Override
  public Faults faults() {
    return faults;
  }

  /** The real files, with a few additional devices. */
  public static final class FakeFiles implements FileSystemCalls {
    private final FakeKernel kernel;

    FakeFiles(FakeKernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public Fd open(Path path, OpenMode mode) throws ErrnoException {
      kernel.call("open", path);
      if (path.startsWith("/dev")) {
        return kernel.opened(path);
      }
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new ErrnoException("open", path.toString(), Errno.ENOENT);
      }
      if (mode == OpenMode.LOOK_NO_LINK) {
        return kernel.opened(path);
      }
      return kernel.opened(real(path));
    }

    private static Path real(Path path) throws ErrnoException {
      try {
        return path.toRealPath();
      } catch (IOException e) {
        throw new ErrnoException("open", path.toString(), Errno.ENOENT);
      }
    }

    @Override
    public Fd openExact(Path path) throws ErrnoException {
      kernel.call("openat2", path);
      if (!path.equals(real(path))) {
        throw new ErrnoException("openat2", path.toString(), Errno.ELOOP);
      }
      return kernel.opened(path);
    }

    @Override
    public Fd openBelow(Fd root, String path, Scope scope) throws ErrnoException {
      kernel.call("openat2", path);
      Path base = kernel.what(root, Path.class);
      Path inside = Path.of("/").resolve(path).normalize();
      Path found = real(base.resolve(Path.of("/").relativize(inside)));
      if (!found.startsWith(base)) {
        throw new ErrnoException("openat2", path, Errno.EXDEV);
      }
      return kernel.opened(found);
    }

    @Override
    public Path path(Fd open) throws ErrnoException {
      return Path.of(kernel.resolve(open.path()));
    }

    @Override
    public void makeDirectory(Fd parent, String name, int mode) throws ErrnoException {
      kernel.call("mkdirat", name);
      try {
        Files.createDirectory(kernel.what(parent, Path.class).resolve(name));
      } catch (IOException e) {
        throw new ErrnoException("mkdirat", name, Errno.EEXIST);
      }
    }

    @Override
    public void makeFile(Fd parent, String name, int mode) throws ErrnoException {
      kernel.call("openat", name);
      try {
        Files.createFile(kernel.what(parent, Path.class).resolve(name));
      } catch (IOException e) {
        throw new ErrnoException("openat", name, Errno.EEXIST);
      }
    }

    @Override
    public void removeFile(Fd parent, String name) throws ErrnoException {
      remove(parent, name);
    }

    @Override
    public void removeDirectory(Fd parent, String name) throws ErrnoException {
      remove(parent, name);
    }

    private void remove(Fd parent, String name) throws ErrnoException {
      kernel.call("unlinkat", name);
      try {
        Files.delete(kernel.what(parent, Path.class).resolve(name));
      } catch (NoSuchFileException _) {
        throw new ErrnoException("unlinkat", name, Errno.ENOENT);
      } catch (DirectoryNotEmptyException _) {
        throw new ErrnoException("unlinkat", name, Errno.ENOTEMPTY);
      } catch (IOException _) {
        throw new ErrnoException("unlinkat", name, Errno.EIO);
      }
    }

    @Override
    public FileSystemCalls.Space space(Path path) throws ErrnoException {
      kernel.call("statfs", kernel.resolve(path.toString()));
      return new FileSystemCalls.Space(
          0xef53, 4096, 1 << 30, 1 << 29, 1 << 28, 1000, 500, Set.of());
    }

    @Override
    public void freeze(Fd directory) throws ErrnoException {
      kernel.call("FIFREEZE", kernel.what(directory, Path.class));
    }

    @Override
    public void thaw(Fd directory) throws ErrnoException {
      kernel.call("FITHAW", kernel.what(directory, Path.class));
    }

    @Override
    public void allocate(Fd file, long size) throws ErrnoException {
      kernel.call("fallocate", size);
      setLength(file, size);
    }

    @Override
    public void truncate(Fd file, long size) throws ErrnoException {
      kernel.call("ftruncate", size);
      setLength(file, size);
    }

    private void setLength(Fd file, long size) {
      try (var open = new RandomAccessFile(kernel.what(file, Path.class).toFile(), "rw")) {
        open.setLength(size);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public long occupied(Path path) throws ErrnoException {
      kernel.call("statx", path);
      return path.toFile().length();
    }

    /** All of a file is data. */
    @Override
    public long nextData(Fd file, long from) throws ErrnoException {
      kernel.call("lseek", from);
      if (from >= kernel.what(file, Path.class).toFile().length()) {
        throw new ErrnoException("lseek", "" + from, Errno.ENXIO);
      }
      return from;
    }

    @Override
    public long nextHole(Fd file, long from) throws ErrnoException {
      kernel.call("lseek", from);
      return kernel.what(file, Path.class).toFile().length();
    }
  }

  /** Loop devices that disappear with their last use, as with autoclear. */
  public static final class FakeLoops implements LoopCalls {
    private final FakeKernel kernel;
    private final TreeMap<Integer, String> images = new TreeMap<>();
    private final Set<Integer> directIo = new HashSet<>();

    /** Whether the file system below supports direct I/O. */
    public boolean canDirectIo = true;

    /** The number of times that somebody else takes the free device. */
    public int rivals;

    FakeLoops(FakeKernel kernel) {
      this.kernel = kernel;
    }

    public SortedMap<Integer, String> devices() {
      return new TreeMap<>(images);
    }

    @Override
    public int free(Fd control) throws ErrnoException {
      kernel.call("LOOP_CTL_GET_FREE", "");
      int number = 0;
      while (images.containsKey(number)) {
        number++;
      }
      return number;
    }

    private int number(Fd device) {
      String name = kernel.what(device, Path.class).getFileName().toString();
      return Integer.parseInt(name.substring("loop".length()));
    }

    @Override
    public void configure(Fd device, Fd image, LoopSettings settings) throws ErrnoException {
      String path = kernel.what(image, Path.class).toString();
      kernel.call("LOOP_CONFIGURE", path + " " + settings);
      if (rivals > 0) {
        rivals--;
        throw new ErrnoException("LOOP_CONFIGURE", path, Errno.EBUSY);
      }
      images.put(number(device), path);
      if (settings.directIo() && canDirectIo) {
        directIo.add(number(device));
      }
    }

    @Override
    public void updateCapacity(Fd device) throws ErrnoException {
      kernel.call("LOOP_SET_CAPACITY", kernel.what(device, Path.class));
    }

    @Override
    public boolean usesDirectIo(int device) {
      return directIo.contains(device);
    }

    @Override
    public SortedMap<Integer, String> images() {
      return devices();
    }

    @Override
    public List<String> mappings(int device) {
      return kernel.tools.mappingsOf("/dev/loop" + device);
    }

    @Override
    public void clear(Fd device) throws ErrnoException {
      kernel.call("LOOP_CLR_FD", kernel.what(device, Path.class));
      images.remove(number(device));
    }

    void sweep() {
      images
          .keySet()
          .removeIf(
              number -> {
                Path device = Path.of("/dev/loop" + number);
                return !kernel.isOpen(device)
                    && !kernel.mounts.uses(device.toString())
                    && !kernel.tools.uses(device.toString());
              });
    }
  }

  /** The project quotas of one file system, which may not support them. */
  public static final class FakeQuotas implements QuotaCalls {
    private final FakeKernel kernel;

    public boolean enforced;
    public final Map<Path, Integer> projects = new HashMap<>();
    public final Map<Integer, Long> limits = new HashMap<>();

    FakeQuotas(FakeKernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public boolean enforced(Fd directory) throws ErrnoException {
      kernel.call("Q_XGETQSTAT", kernel.what(directory, Path.class));
      return enforced;
    }

    @Override
    public int project(Fd directory) throws ErrnoException {
      kernel.call("FS_IOC_FSGETXATTR", kernel.what(directory, Path.class));
      return projects.getOrDefault(kernel.what(directory, Path.class), 0);
    }

    @Override
    public void assign(Fd directory, int project) throws ErrnoException {
      kernel.call("FS_IOC_FSSETXATTR", project);
      projects.put(kernel.what(directory, Path.class), project);
    }

    @Override
    public ProjectUsage usage(Fd directory, int project) throws ErrnoException {
      kernel.call("Q_XGETQUOTA", project);
      if (!limits.containsKey(project)) {
        throw new ErrnoException("Q_XGETQUOTA", "" + project, Errno.ENOENT);
      }
      return new ProjectUsage(limits.get(project), 0);
    }

    @Override
    public void limit(Fd directory, int project, long bytes) throws ErrnoException {
      kernel.call("Q_XSETQLIM", project + " " + bytes);
      limits.put(project, bytes);
    }
  }
}
