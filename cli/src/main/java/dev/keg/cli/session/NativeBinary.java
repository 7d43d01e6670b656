package dev.keg.cli.session;

import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.nativeimage.ProcessProperties;
import org.graalvm.nativeimage.VMRuntime;

/** What is so only where this program runs as a native binary, not on Java. */
public final class NativeBinary {
  private NativeBinary() {}

  // What offers the answers below is not even there on Java.
  private static boolean isRunning() {
    return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
  }

  /** Where the binary lies. */
  public static Optional<Path> file() {
    return isRunning()
        ? Optional.of(Path.of(ProcessProperties.getExecutableName()))
        : Optional.empty();
  }

  /**
   * Lets signals run the shutdown hooks, and a write to a connection that the other side has closed
   * fail instead of being one (SIGPIPE). A binary that leaves all of the command line to its
   * program begins without its runtime's own start, which would do both.
   */
  public static void heedSignals() {
    if (isRunning()) {
      VMRuntime.initialize();
    }
  }
}
