package dev.keg.backup.writer;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Programs that are stopped while a volume is read. A process of its own stops them, waits for the
 * end of its input, and starts them again: that end comes also with the death of this process,
 * whatever killed it, and nothing is started while it is still being stopped.
 */
public final class StoppedWriters {
  /**
   * A program, since no single tool waits; its words are arguments, not text. It says when all are
   * stopped. What the two commands print goes through it, so that they do not die of writing to a
   * process that was killed.
   */
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM PIPE
      program=$1
      shift
      if said=$("$program" stop -- "$@" 2>&1); then
        echo stopped
        cat >/dev/null
      else
        printf '%s\\n' "$said" >&2
      fi
      said=$("$program" start -- "$@" 2>&1) && exit
      status=$?
      printf '%s start %s: %s\\n' "$program" "$*" "$said" >&2
      exit $status
      """;

  private final Optional<Programs.Running> process;

  private StoppedWriters(Optional<Programs.Running> process) {
    this.process = process;
  }

  /** Where nothing is to be stopped. */
  public static StoppedWriters none() {
    return new StoppedWriters(Optional.empty());
  }

  /**
   * Stops what writes at these places. If that fails or is interrupted, all is started again.
   *
   * @param places the volume's data, and where else it is mounted
   */
  public static StoppedWriters stop(Supervisor supervisor, Programs programs, Set<Path> places)
      throws IOException, InterruptedException {
    List<String> writers = List.copyOf(supervisor.writers(programs, places));
    if (writers.isEmpty()) {
      return none();
    }
    // In a session of its own, so that Ctrl-C does not end it together with us.
    List<String> line =
        new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "keg-stop", supervisor.program()));
    line.addAll(writers);
    StoppedWriters stopped = new StoppedWriters(Optional.of(programs.start(line)));
    try {
      if (stopped.awaitStop()) {
        return stopped;
      }
    } catch (InterruptedException e) {
      stopped.start().ifPresent(why -> e.addSuppressed(new IOException(why)));
      throw e;
    }
    throw new IOException(stopped.end());
  }

  /** Whether all are stopped. */
  private boolean awaitStop() throws InterruptedException {
    InputStream output = process.orElseThrow().output();
    // Waiting for an answer can be interrupted, reading cannot.
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> answer.complete(saysSomething(output)));
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean saysSomething(InputStream output) {
    try {
      return output.read() >= 0;
    } catch (IOException _) {
      return false; // As where the process has ended, which its complaint explains.
    }
  }

  /** Starts them again; says why if that fails. */
  public Optional<String> start() {
    return process.isEmpty() ? Optional.empty() : Optional.of(end()).filter(why -> !why.isEmpty());
  }

  /** Lets the process do the rest, whatever interrupts the wait for it; returns its complaint. */
  private String end() {
    boolean interrupted = false;
    try (Programs.Running running = process.orElseThrow()) {
      closeInput(running);
      while (true) {
        try {
          var _ = running.exitCode();
          return running.complaint().strip();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void closeInput(Programs.Running running) {
    try {
      running.input().close();
    } catch (IOException _) {
      return; // It has ended already, and its complaint explains that.
    }
  }
}
