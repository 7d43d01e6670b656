package dev.keg.mountspec;

/** What the rules need to know about the host. Asked only where a rule depends on the answer. */
public interface HostFacts {
  /** What is at an absolute path, symbolic links followed. */
  FileKind kind(String path);

  /** What a path that begins with a dot is relative to; absolute. */
  String workingDirectory();

  /** What a path leads to. */
  enum FileKind {
    MISSING,
    DIRECTORY,
    OTHER
  }
}
