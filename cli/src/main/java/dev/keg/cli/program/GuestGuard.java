package dev.keg.cli.program;

import dev.keg.backup.store.Programs;
import dev.keg.machine.qmp.GuestAgent.Guard;
import dev.keg.machine.qmp.GuestAgent.Still;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A second process of this program that thaws a guest when the first one dies, whatever killed it:
 * it waits for the end of its input, which comes with that death. A byte before says that all is
 * well.
 */
public record GuestGuard(Programs programs, Path socket) implements Guard {
  /** The command of the second process. */
  public static final String COMMAND = "__thaw";

  private static final String MAIN = "dev.keg.cli.Main";

  @Override
  public Still start() throws IOException {
    List<String> line = new ArrayList<>(List.of("setsid")); // So that Ctrl-C does not end it.
    line.addAll(self());
    line.addAll(List.of(COMMAND, socket.toAbsolutePath().toString()));
    Programs.Running guard = programs.start(line);
    if (guard.output().read() < 0) {
      String why = guard.complaint().strip();
      guard.close();
      throw new IOException("no process watches over the guest: " + why);
    }
    return () -> dismiss(guard);
  }

  private static void dismiss(Programs.Running guard) throws IOException {
    try (guard;
        OutputStream input = guard.input()) {
      input.write('\n');
    }
  }

  private static List<String> self() throws IOException {
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      return List.of(
          ProcessHandle.current()
              .info()
              .command()
              .orElseThrow(() -> new IOException("nothing says where this program is")));
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        MAIN);
  }

  /** What the second process does: returns whether it was left alone with the guest. */
  public static boolean isLeft(InputStream input, Runnable ready) throws IOException {
    ready.run();
    return input.read() < 0;
  }
}
