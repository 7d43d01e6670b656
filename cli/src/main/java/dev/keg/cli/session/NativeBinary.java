package dev.keg.cli.session;

import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.nativeimage.ProcessProperties;
import org.graalvm.nativeimage.VMRuntime;

/** Features that exist only in the native binary, not on Java. */
public final class NativeBinary {
  private NativeBinary() {}

  // On Java, the classes for the answers below do not even exist.
  public static boolean isRunning() {
    return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
  }

  /** The path of the binary. */
  public static Optional<Path> file() {
    return isRunning()
        ? Optional.of(Path.of(ProcessProperties.getExecutableName()))
        : Optional.empty();
  }

  /**
   * Makes signals run the shutdown hooks, and makes a write to a closed connection fail instead of
   * raising SIGPIPE. A binary that leaves its whole command line to the program starts without its
   * runtime's own initialization, which would do both.
   */
  public static void heedSignals() {
    if (isRunning()) {
      VMRuntime.initialize();
    }
  }
}
