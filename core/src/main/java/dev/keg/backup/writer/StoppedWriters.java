package dev.keg.backup.writer;

import dev.keg.program.Programs;
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
 * Programs that are stopped while a volume is read. A separate process stops them, waits for the
 * end of its input, and starts them again. The death of this process, whatever its cause, also ends
 * that input. Nothing is started while it is still being stopped.
 */
public final class StoppedWriters {
  /**
   * A script, since no single tool waits; its values are passed as arguments. It reports when it
   * has locked the note, and when everything is stopped. The output of the two commands goes
   * through it, so that writing to a killed process does not kill them. Each command is tried
   * twice, because the signal that ends a whole service also ends a client whose engine continues,
   * and what is only about to stop does not start; but not after a timeout. Then the note also
   * stays, since the engine may stop the program after the start: docker continues after its client
   * has ended. The commands do not inherit the lock, since what they start may live for long. NFS
   * locks only files that are open for writing, so opening a deleted note creates an empty one.
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

  /** Finds the writers of these places. */
  private record Search(Supervisor supervisor, Programs programs, Set<Path> places) {
    List<String> writers() throws IOException, InterruptedException {
      return List.copyOf(supervisor.writers(programs, places));
    }
  }

  /** The process, and the note that it deletes once everything runs again. */
  private record Guardian(StopNotes notes, StopNote note, Programs.Running running) {
    static Guardian start(StopNotes notes, StopNote note) throws IOException {
      // In a session of its own, so that Ctrl-C does not end it together with this process.
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

    /** If it ends before that, it has stopped nothing, and its error output explains why. */
    private void awaitLock() throws IOException {
      int next = running.output().read();
      while (next >= 0 && next != '\n') {
        next = running.output().read();
      }
    }

    /** Waits for its end; returns its error output. */
    String complaint() throws InterruptedException {
      int status = running.exitCode();
      String complaint = running.complaint().strip();
      return status == 0 || !complaint.isEmpty() ? complaint : startAnyway();
    }

    /** Starts everything if the process was killed, which may have been deliberate. */
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
   * Stops the programs that write to these places. If that fails or is interrupted, everything is
   * started again.
   *
   * @param places the directory of the volume's data, and where else it is mounted
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

  /** Returns whether everything is stopped. */
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
      return false; // likewise if the process has ended, which its error output explains
    }
  }

  /**
   * The programs that write there now, before anything is started again: somebody else may have
   * started them, such as another backup, or a socket unit of systemd.
   */
  public List<String> writers() throws IOException, InterruptedException {
    return search.isEmpty() ? List.of() : search.get().writers();
  }

  /** Starts them again; returns the reason if that fails. */
  public Optional<String> start() {
    return process.isEmpty() ? Optional.empty() : Optional.of(end()).filter(why -> !why.isEmpty());
  }

  /**
   * Lets the process do the rest, even if waiting for it is interrupted; returns its error output.
   */
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
      return; // it has ended already, which its error output explains
    }
  }
}
