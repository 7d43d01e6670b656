package dev.keg.cli.program;

import dev.keg.machine.qmp.GuestAgent.Guard;
import dev.keg.machine.qmp.GuestAgent.Still;
import dev.keg.program.Programs;
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
 * A second process of this program that thaws a guest when the first one dies for whatever reason:
 * it waits for the end of its input, which that death causes. A byte before the end means that the
 * guest is thawed.
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
    List<String> line = new ArrayList<>(List.of("setsid")); // so that Ctrl-C does not end it
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

  /** The first byte of the process, which means that it is ready; empty if it takes too long. */
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
      return -1; // likewise if the process has ended, which its error output explains
    }
  }

  private static void dismiss(Programs.Running guard) {
    try (guard;
        OutputStream input = guard.input()) {
      input.write('\n');
    } catch (IOException _) {
      return; // it has ended already, and the guest is thawed, so it is not needed
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

  /** The work of the second process: returns whether it must thaw the guest. */
  public static boolean isLeft(InputStream input, Runnable ready) throws IOException {
    ready.run();
    return input.read() < 0;
  }
}
