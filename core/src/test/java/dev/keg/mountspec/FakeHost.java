package dev.keg.mountspec;

import java.util.HashMap;
import java.util.Map;

/** A host with the files that the test sets; its working directory is {@code /work/dir}. */
public final class FakeHost implements HostFacts {
  private final Map<String, PathKind> files = new HashMap<>();
  private String workingDirectory = "/work/dir";

  public static FakeHost linux() {
    return new FakeHost().with("/home", PathKind.DIRECTORY).with("/etc/hosts", PathKind.OTHER);
  }

  /** As the tables of the Windows grammar require it. */
  static FakeHost windows() {
    FakeHost host = new FakeHost().with("c:\\windows\\system32\\ntdll.dll", PathKind.OTHER);
    host.workingDirectory = "c:\\work\\dir";
    for (String directory :
        new String[] {
          "c:\\",
          "c:\\windows\\",
          "c:\\windows",
          "c:\\program files",
          "c:\\Windows",
          "c:\\Program Files (x86)",
          "\\\\?\\c:\\windows\\",
          "\\\\files\\projects\\a b",
          "c:\\work\\dir",
          "c:\\work"
        }) {
      host.with(directory, PathKind.DIRECTORY);
    }
    return host;
  }

  public FakeHost with(String path, PathKind kind) {
    files.put(key(path), kind);
    return this;
  }

  // File systems ignore a separator at the end, and Windows its direction.
  private static String key(String path) {
    String key = path.startsWith("/") ? path : path.replace('/', '\\');
    return key.length() > 3 && (key.endsWith("/") || key.endsWith("\\"))
        ? key.substring(0, key.length() - 1)
        : key;
  }

  @Override
  public PathKind kind(String path) {
    return files.getOrDefault(key(path), PathKind.MISSING);
  }

  @Override
  public String workingDirectory() {
    return workingDirectory;
  }
}
