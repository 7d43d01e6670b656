package dev.keg.linux.kernel;

/** Project quotas of XFS: inodes have a project id, and each id has a limit. */
public interface QuotaCalls {
  /** Q_XGETQSTAT: whether the file system enforces limits. */
  boolean enforced(Fd directory) throws ErrnoException;

  /** FS_IOC_FSGETXATTR. */
  int project(Fd directory) throws ErrnoException;

  /** FS_IOC_FSSETXATTR; new files below the directory inherit the id. */
  void assign(Fd directory, int project) throws ErrnoException;

  /** Q_XGETQUOTA. */
  ProjectUsage usage(Fd directory, int project) throws ErrnoException;

  /** Q_XSETQLIM; zero means no limit. */
  void limit(Fd directory, int project, long bytes) throws ErrnoException;

  /** A project's limit and use, in bytes. */
  record ProjectUsage(long limit, long used) {}
}
