package dev.keg.linux.driver;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.kernel.QuotaCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/** Limits directories by project quotas: each limited directory has a project id. */
public final class ProjectQuotas {
  // The errors of a file system without quotas, or with quotas turned off.
  private static final Set<Integer> NONE =
      Set.of(
          Errno.ENOSYS,
          Errno.ENOTTY,
          Errno.EOPNOTSUPP,
          Errno.ESRCH,
          Errno.EINVAL,
          Errno.ENODEV,
          Errno.ENOTBLK);
  private static final Set<Integer> NOT_COUNTED = Set.of(Errno.ENOENT, Errno.ESRCH);
  private static final int MOST = 0x7fffffff;

  private final QuotaCalls calls;
  private final FileSystemCalls files;

  public ProjectQuotas(QuotaCalls calls, FileSystemCalls files) {
    this.calls = calls;
    this.files = files;
  }

  /** Whether the directory's file system enforces limits. */
  public boolean available(Path directory) throws ErrnoException {
    try (Fd open = files.open(directory, OpenMode.READ)) {
      return calls.enforced(open);
    } catch (ErrnoException e) {
      if (NONE.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  /** Limits the space of the directory and everything below it. */
  public void limit(Path directory, long bytes) throws ErrnoException, IOException {
    try (Fd open = files.open(directory, OpenMode.READ)) {
      int project = ownProject(directory, open);
      if (project == 0) {
        project = freeProject(directory, open);
        // Set the limit before the id, so that a directory with an id is always limited.
        calls.limit(open, project, bytes);
        calls.assign(open, project);
      } else {
        calls.limit(open, project, bytes);
      }
    }
  }

  /** Makes an empty directory count towards the limit of another. */
  public void shareLimit(Path limited, Path directory) throws ErrnoException {
    try (Fd other = files.open(limited, OpenMode.READ);
        Fd open = files.open(directory, OpenMode.READ)) {
      calls.assign(open, calls.project(other));
    }
  }

  /** Whether both directories count towards the same limit. */
  public boolean shareOneLimit(Path directory, Path other) throws ErrnoException {
    try (Fd one = files.open(directory, OpenMode.READ);
        Fd two = files.open(other, OpenMode.READ)) {
      return calls.project(one) == calls.project(two);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || NONE.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  /** Removes the limit; a directory without one stays unchanged. */
  public void unlimit(Path directory) throws ErrnoException {
    try (Fd open = files.open(directory, OpenMode.READ)) {
      int project = ownProject(directory, open);
      if (project != 0) {
        calls.limit(open, project, 0);
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT && !NONE.contains(e.errno())) {
        throw e;
      }
    }
  }

  // An inherited id belongs to the parent directory.
  private int ownProject(Path directory, Fd open) throws ErrnoException {
    int project = calls.project(open);
    if (project == 0) {
      return 0;
    }
    try (Fd parent = files.open(Objects.requireNonNull(directory.getParent()), OpenMode.READ)) {
      return calls.project(parent) == project ? 0 : project;
    }
  }

  // The inode number is unique among directories, but may already be a project id that was set by
  // hand or belongs to a deleted directory.
  private int freeProject(Path directory, Fd open) throws ErrnoException, IOException {
    long inode = (long) Files.getAttribute(directory, "unix:ino");
    int project = (int) (inode % MOST) + 1;
    while (inUse(open, project)) {
      project = project == MOST ? 1 : project + 1;
    }
    return project;
  }

  private boolean inUse(Fd open, int project) throws ErrnoException {
    try {
      QuotaCalls.ProjectUsage usage = calls.usage(open, project);
      return usage.limit() != 0 || usage.used() != 0;
    } catch (ErrnoException e) {
      if (NOT_COUNTED.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }
}
