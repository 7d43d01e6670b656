package dev.keg.backup.writer;

import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Services;
import dev.keg.program.ProgramOutput;
import dev.keg.program.Programs;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.RegistryLock;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The notes of what backups have stopped and not started again, as files in the root. The process
 * that will start the programs holds a lock on its note, and then deletes it; an unlocked note was
 * left by a process that could not, for example because the machine crashed.
 *
 * @param patience how long stopping or starting a program may take
 */
public record StopNotes(
    Services services, RandomGenerator random, Programs programs, Duration patience) {
  /**
   * Prints a word if nobody holds the lock, which NFS grants only for a writable file. An empty
   * note was deleted meanwhile.
   */
  private static final String PROBE =
      """
      if [ -w "$1" ]; then exec 9<>"$1"; else exec 9<"$1"; fi
      if flock -n 9; then
        if [ -s "$1" ]; then echo free; else rm -f -- "$1"; fi
      else
        [ $? = 1 ]
      fi
      """;

  /** The lock under which a note is written and examined; the note's process takes it over. */
  RegistryLock.Held lock(VolumeName volume) {
    return services.registry().lock().lock(volume);
  }

  /** Writes a note; the caller holds the lock. */
  StopNote write(VolumeName volume, Supervisor supervisor, List<String> names) {
    String name = HexFormat.of().toHexDigits(random.nextLong()) + ".json";
    Path directory = directory();
    StopNote note =
        new StopNote(
            directory.resolve(name),
            services.host().id(),
            volume,
            supervisor,
            names,
            services.clock().instant());
    services.registry().files().write(volume, directory, name, note.bytes());
    return note;
  }

  void erase(StopNote note) {
    String name = note.file().getFileName().toString();
    services.registry().files().erase(note.volume(), directory(), name);
  }

  private Path directory() {
    return services.registry().ownFile(RegistryLayout::stopped);
  }

  /**
   * Works on each note of this host whose process is gone; returns the failures, none of which
   * stops the others.
   */
  public List<VolumeException> forEachLeft(Consumer<StopNote> work) {
    List<VolumeException> problems = new ArrayList<>();
    tried(problems, () -> files().forEach(file -> tried(problems, () -> look(file, work))));
    return problems;
  }

  private static void tried(List<VolumeException> problems, Runnable work) {
    try {
      work.run();
    } catch (VolumeException e) {
      problems.add(e);
    }
  }

  private void look(Path file, Consumer<StopNote> work) {
    StopNote.read(file)
        .filter(note -> note.host().equals(services.host().id()) && isLeft(note))
        .ifPresent(work);
  }

  private List<Path> files() {
    Path directory = directory();
    return FileFailures.translate(
        "list",
        directory,
        () ->
            Files.isDirectory(directory)
                ? DirectoryEntries.of(directory).stream().sorted().toList()
                : List.of());
  }

  private boolean isLeft(StopNote note) {
    try (var _ = lock(note.volume())) {
      String file = note.file().toString();
      ProgramOutput answer =
          asked(
              note, () -> ProgramOutput.of(programs, List.of("sh", "-c", PROBE, "keg-stop", file)));
      if (!Files.exists(note.file())) {
        return false;
      }
      if (!answer.complaint().isEmpty()) {
        throw failure(note, answer.complaint());
      }
      return !answer.text().isEmpty();
    }
  }

  /**
   * Those that are still stopped. One that was started since and stopped again is excluded: that
   * was not the backup.
   */
  public List<String> stopped(StopNote note) {
    return asked(note, () -> note.supervisor().stopped(programs, note, services.clock().instant()));
  }

  /** Starts everything that is still stopped; returns the failures. */
  public List<VolumeException> startLeft() {
    return forEachLeft(this::start);
  }

  /** Starts what is still stopped of this note, and deletes the note. */
  public void start(StopNote note) {
    List<String> names = stopped(note);
    if (!names.isEmpty()) {
      run(note, names);
      services
          .registry()
          .warn(
              "volume %s: an interrupted backup had stopped the programs that write to it: %s"
                  .formatted(note.volume(), note.line(names)));
    }
    erase(note);
  }

  private void run(StopNote note, List<String> names) {
    ProgramOutput answer = asked(note, () -> note.supervisor().start(programs, names, patience));
    if (!answer.complaint().isEmpty()) {
      throw failure(note, note.line(names) + ": " + answer.complaint());
    }
  }

  /** A question to a program. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException, InterruptedException;
  }

  private static <T> T asked(StopNote note, Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw failure(note, String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw failure(note, "interrupted");
    }
  }

  private static BackupFailed failure(StopNote note, String why) {
    return new BackupFailed(
        note.volume().text(),
        "the programs that it stopped at %s did not start again: %s".formatted(note.time(), why),
        "start it by hand, or remove " + note.file());
  }
}
