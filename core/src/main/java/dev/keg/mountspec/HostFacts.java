package dev.keg.mountspec;

/** Facts about the host that the rules need. Each is determined only if a rule depends on it. */
public interface HostFacts {
  /** The type of the file at an absolute path, following symbolic links. */
  PathKind kind(String path);

  /** The absolute directory to which a path with a leading dot is relative. */
  String workingDirectory();

  /** What a path leads to. */
  enum PathKind {
    MISSING,
    DIRECTORY,
    OTHER
  }
}
