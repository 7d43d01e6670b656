package dev.keg.backup.writer;

import dev.keg.backup.store.Programs;
import dev.keg.volume.VolumeName;
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
   * A program, since no single tool waits; its words are arguments, not text. It says when it has
   * locked the note of what it stops, and when all are stopped. What the two commands print goes
   * through it, so that they do not die of writing to a process that was killed. Each command has a
   * second chance: the signal that ends a whole service also ends a client whose engine continues,
   * and what is only about to stop does not start; but not if it did not answer. Then the note
   * stays, too, since the engine may stop it after the start: docker goes on when its client has
   * ended. They do not inherit the lock, since what they start may live for long. NFS locks only
   * what is open for writing, which makes a note that is gone an empty one.
   */
  static final String SCRIPT =
      """
      trap '' HUP INT TERM PIPE
      note=$1 limit=$2 program=$3
      shift 3
      exec 9<>"$note"
      flock 9 && [ -s "$note" ] || { status=$?; rm -f -- "$note"; exit $status; }
      echo noted
      once() {
        { said=$(timeout -s KILL "$limit" "$program" "$@" 2>&1 9<&-); } 2>/dev/null
        status=$?
        [ $status != 137 ] || said="it did not answer within $limit seconds"
        return $status
      }
      twice() {
        once "$@" && return
        [ $status = 137 ] && return $status
        sleep 1
        once "$@"
      }
      late=
      if twice stop -- "$@"; then
        echo stopped
        cat >/dev/null
      else
        [ $status != 137 ] || late=1
        printf '%s\\n' "$said" >&2
      fi
      if twice start -- "$@"; then
        [ -z "$late" ] || exit 1
        exec rm -f -- "$note"
      fi
      said="$program start $*: $said"
      printf '%s\\n' "$said" >&2 || logger -t keg -- "$said" 2>/dev/null
      exit $status
      """;

  private final Optional<Search> search;
  private final Optional<Guardian> process;

  private StoppedWriters(Optional<Search> search, Optional<Guardian> process) {
    this.search = search;
    this.process = process;
  }

  /** For what writes at these places. */
  private record Search(Supervisor supervisor, Programs programs, Set<Path> places) {
    List<String> writers() throws IOException, InterruptedException {
      return List.copyOf(supervisor.writers(programs, places));
    }
  }

  /** The process, and the note that it removes when all runs again. */
  private record Guardian(StopNotes notes, StopNote note, Programs.Running running) {
    static Guardian start(StopNotes notes, StopNote note) throws IOException {
      // In a session of its own, so that Ctrl-C does not end it together with us.
      List<String> line = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "keg-stop"));
      line.add(note.file().toString());
      line.add(Long.toString(notes.patience().toSeconds()));
      line.add(note.supervisor().program());
      line.addAll(note.names());
      try {
        Guardian started = new Guardian(notes, note, notes.programs().start(line));
        started.awaitLock();
        return started;
      } catch (IOException e) {
        notes.erase(note);
        throw e;
      }
    }

    /** If it ends before, it stops nothing, and its complaint explains that. */
    private void awaitLock() throws IOException {
      int next = running.output().read();
      while (next >= 0 && next != '\n') {
        next = running.output().read();
      }
    }

    /** Waits for its end; returns what it complains about. */
    String complaint() throws InterruptedException {
      int status = running.exitCode();
      String complaint = running.complaint().strip();
      return status == 0 || !complaint.isEmpty() ? complaint : startAnyway();
    }

    /** Where somebody killed it, who had no reason to spare what it would have started. */
    private String startAnyway() throws InterruptedException {
      String complaint;
      try {
        complaint =
            note.supervisor().start(notes.programs(), note.names(), notes.patience()).complaint();
      } catch (IOException e) {
        complaint = String.valueOf(e.getMessage());
      }
      if (complaint.isEmpty()) {
        notes.erase(note);
        return "";
      }
      return note.line(note.names()) + ": " + complaint;
    }
  }

  /** For a backup that stops nothing. */
  public static StoppedWriters none() {
    return new StoppedWriters(Optional.empty(), Optional.empty());
  }

  /**
   * Stops what writes at these places. If that fails or is interrupted, all is started again.
   *
   * @param places the volume's data, and where else it is mounted
   */
  public static StoppedWriters stop(
      Supervisor supervisor, StopNotes notes, VolumeName volume, Set<Path> places)
      throws IOException, InterruptedException {
    Search search = new Search(supervisor, notes.programs(), places);
    List<String> writers = search.writers();
    if (writers.isEmpty()) {
      return new StoppedWriters(Optional.of(search), Optional.empty());
    }
    Guardian process;
    try (var _ = notes.lock(volume)) {
      process = Guardian.start(notes, notes.write(volume, supervisor, writers));
    }
    StoppedWriters stopped = new StoppedWriters(Optional.of(search), Optional.of(process));
    try {
      if (stopped.awaitStop()) {
        return stopped;
      }
    } catch (InterruptedException e) {
      stopped.start().ifPresent(why -> e.addSuppressed(new IOException(why)));
      throw e;
    }
    String why = stopped.end();
    throw new IOException(why.isEmpty() ? "the process that stops it was killed" : why);
  }

  /** Whether all are stopped. */
  private boolean awaitStop() throws InterruptedException {
    InputStream output = process.orElseThrow().running().output();
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

  /**
   * What writes there now, before anything is started again: somebody else may have started it,
   * such as another backup, or a socket that systemd listens to.
   */
  public List<String> writers() throws IOException, InterruptedException {
    return search.isEmpty() ? List.of() : search.get().writers();
  }

  /** Starts them again; says why if that fails. */
  public Optional<String> start() {
    return process.isEmpty() ? Optional.empty() : Optional.of(end()).filter(why -> !why.isEmpty());
  }

  /** Lets the process do the rest, whatever interrupts the wait for it; returns its complaint. */
  private String end() {
    boolean interrupted = false;
    try (Programs.Running running = process.orElseThrow().running()) {
      closeInput(running);
      while (true) {
        try {
          return process.orElseThrow().complaint();
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
