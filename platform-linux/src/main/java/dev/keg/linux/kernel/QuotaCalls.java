package dev.keg.linux.kernel;

/** Project quotas as XFS has them: a number on a directory's inodes, and a limit for the number. */
public interface QuotaCalls {
  /** Q_XGETQSTAT: whether the file system counts and refuses. */
  boolean enforced(Fd directory) throws ErrnoException;

  /** FS_IOC_FSGETXATTR. */
  int project(Fd directory) throws ErrnoException;

  /** FS_IOC_FSSETXATTR; what is made below the directory inherits it. */
  void assign(Fd directory, int project) throws ErrnoException;

  /** Q_XGETQUOTA. */
  ProjectUsage usage(Fd directory, int project) throws ErrnoException;

  /** Q_XSETQLIM; zero is no limit. */
  void limit(Fd directory, int project, long bytes) throws ErrnoException;

  /** A project's limit and use, in bytes. */
  record ProjectUsage(long limit, long used) {}
}
