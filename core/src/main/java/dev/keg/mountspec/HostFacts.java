package dev.keg.mountspec;

/** What the rules need to know about the host. Asked only if a rule depends on the answer. */
public interface HostFacts {
  /** The type of the file at an absolute path, following symbolic links. */
  FileKind kind(String path);

  /** The absolute directory to which a path with a leading dot is relative. */
  String workingDirectory();

  /** What a path leads to. */
  enum FileKind {
    MISSING,
    DIRECTORY,
    OTHER
  }
}
