package dev.keg.windows;

import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The Windows on which the test runs, for the same contract that the drivers fulfil on the fake:
 * its state is read from Windows, and no failures are injected.
 */
public final class RealWindows implements FakeWorld {
  private final Windows windows = new Windows(new SystemDlls());
  private final Faults faults = new Faults();
  private final List<Path> roots;

  /**
   * @param roots the directories below which disks and mount points are searched
   */
  public RealWindows(Path... roots) {
    this.roots = List.of(roots);
  }

  /** Whether the tests run as an administrator: nobody else sees the sessions. */
  public static boolean elevated() throws IOException, InterruptedException {
    Process session =
        new ProcessBuilder("net", "session")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return session.waitFor() == 0;
  }

  public Windows windows() {
    return windows;
  }

  @Override
  public SortedSet<String> standing() {
    SortedSet<String> standing = new TreeSet<>();
    for (Path root : roots) {
      try {
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), 4, new Standing(standing));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return standing;
  }

  private final class Standing extends SimpleFileVisitor<Path> {
    private final SortedSet<String> standing;

    Standing(SortedSet<String> standing) {
      this.standing = standing;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      try {
        if (windows.mountPoints().mounted(directory).isPresent()) {
          standing.add("mounted " + directory);
          return FileVisitResult.SKIP_SUBTREE;
        }
        return FileVisitResult.CONTINUE;
      } catch (Win32Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      try {
        if (file.toString().endsWith(".vhdx") && windows.disks().attached(file).isPresent()) {
          standing.add("attached " + file);
        }
        return FileVisitResult.CONTINUE;
      } catch (Win32Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public Faults faults() {
    return faults;
  }
}
