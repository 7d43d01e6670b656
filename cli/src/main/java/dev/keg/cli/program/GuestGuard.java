package dev.keg.cli.program;

import dev.keg.backup.store.Programs;
import dev.keg.machine.qmp.GuestAgent.Guard;
import dev.keg.machine.qmp.GuestAgent.Still;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A second process of this program that thaws a guest when the first one dies, whatever killed it:
 * it waits for the end of its input, which comes with that death. A byte before says that all is
 * well.
 */
public record GuestGuard(Programs programs, Optional<Path> binary, Path socket, Duration patience)
    implements Guard {
  /** The command of the second process. */
  public static final String COMMAND = "__thaw";

  private static final String MAIN = "dev.keg.cli.Main";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * @param binary this program, unless it runs on Java
   */
  public GuestGuard(Programs programs, Optional<Path> binary, Path socket) {
    this(programs, binary, socket, PATIENCE);
  }

  @Override
  public Still start() throws IOException {
    List<String> line = new ArrayList<>(List.of("setsid")); // So that Ctrl-C does not end it.
    line.addAll(self());
    line.addAll(List.of(COMMAND, socket.toAbsolutePath().toString()));
    Programs.Running guard = programs.start(line);
    Optional<Integer> first = firstByte(guard);
    if (first.isEmpty()) {
      guard.close();
      throw new IOException(
          "the process for it did not start within %d s".formatted(patience.toSeconds()));
    }
    if (first.get() < 0) {
      String why = guard.complaint().strip();
      guard.close();
      throw new IOException("the process for it ended: " + why);
    }
    return () -> dismiss(guard);
  }

  /** What the process says first, which is that it is ready; empty if it takes too long. */
  private Optional<Integer> firstByte(Programs.Running guard) {
    CompletableFuture<Optional<Integer>> first = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> first.complete(Optional.of(read(guard.output()))));
    return first
        .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static int read(InputStream output) {
    try {
      return output.read();
    } catch (IOException _) {
      return -1; // As where the process has ended, which its complaint explains.
    }
  }

  private static void dismiss(Programs.Running guard) {
    try (guard;
        OutputStream input = guard.input()) {
      input.write('\n');
    } catch (IOException _) {
      return; // It has ended already. The guest is thawed, so nobody misses it.
    }
  }

  private List<String> self() {
    if (binary.isPresent()) {
      return List.of(binary.get().toString());
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
