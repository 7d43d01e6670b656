package dev.keg.mountspec;

/**
 * The facts about a Windows host for a Keg that runs elsewhere: a path that cannot be inspected is
 * assumed to be a directory, as it must be.
 */
public record ForeignHost(HostFacts here) implements HostFacts {
  @Override
  public PathKind kind(String path) {
    return path.matches("(?s)[a-zA-Z]:.*|[\\\\/]{2}[.?][\\\\/].*")
        ? PathKind.DIRECTORY
        : here.kind(path);
  }

  @Override
  public String workingDirectory() {
    return here.workingDirectory();
  }
}
