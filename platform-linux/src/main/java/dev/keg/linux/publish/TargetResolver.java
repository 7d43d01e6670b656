package dev.keg.linux.publish;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.Scope;
import dev.keg.publish.ResolvedTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds where a path leads in a root directory, even if its end does not exist yet. Links are
 * followed as the kernel follows them for a process with that root, and a dangling link shows where
 * its target should be.
 */
final class TargetResolver {
  // The kernel's limit, path_resolution(7).
  private static final int LINKS = 40;

  private final FileSystemCalls files;
  private final Fd root;
  private final Path rootPath;

  TargetResolver(FileSystemCalls files, Fd root) throws ErrnoException {
    this.files = files;
    this.root = root;
    this.rootPath = files.path(root);
  }

  ResolvedTarget of(String path) throws ErrnoException, IOException {
    Path wanted = Path.of("/").resolve(path);
    for (int links = 0; links <= LINKS; links++) {
      int there = existing(wanted);
      if (there == wanted.getNameCount()) {
        return new ResolvedTarget(where(wanted), List.of());
      }
      Optional<Path> next = redirected(wanted, there);
      if (next.isEmpty()) {
        return missing(wanted, there);
      }
      wanted = next.get();
    }
    throw new ErrnoException("openat2", path, Errno.ELOOP);
  }

  private static Path prefix(Path path, int names) {
    return names == 0 ? Path.of("/") : Path.of("/").resolve(path.subpath(0, names));
  }

  private Fd open(Path path) throws ErrnoException {
    return files.openBelow(root, path.toString(), Scope.ROOT);
  }

  private Path where(Path path) throws ErrnoException {
    try (Fd found = open(path)) {
      return files.path(found);
    }
  }

  /** How many names of the path exist. */
  private int existing(Path path) throws ErrnoException {
    for (int names = path.getNameCount(); names > 0; names--) {
      try (Fd _ = open(prefix(path, names))) {
        return names;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
    }
    return 0;
  }

  /** The path to look at instead, if the first name that does not resolve is a link or "..". */
  private Optional<Path> redirected(Path path, int there) throws ErrnoException, IOException {
    Path parent = prefix(path, there);
    Path rest = path.subpath(there, path.getNameCount());
    try (Fd directory = open(parent)) {
      Path link = Path.of(directory.path()).resolve(rest.getName(0));
      if (Files.isSymbolicLink(link)) {
        Path place = inRoot(files.path(directory)).resolve(Files.readSymbolicLink(link));
        return Optional.of(
            rest.getNameCount() == 1 ? place : place.resolve(rest.subpath(1, rest.getNameCount())));
      }
    }
    Path normal = rest.normalize();
    return normal.equals(rest) ? Optional.empty() : Optional.of(parent.resolve(normal));
  }

  private Path inRoot(Path real) {
    return Path.of("/").resolve(rootPath.relativize(real));
  }

  private ResolvedTarget missing(Path path, int there) throws ErrnoException {
    Path at = where(prefix(path, there));
    List<Path> missing = new ArrayList<>();
    for (int name = there; name < path.getNameCount(); name++) {
      at = at.resolve(path.getName(name));
      missing.add(at);
    }
    return new ResolvedTarget(at, missing);
  }
}
