package dev.keg.cli.output.report;

import dev.keg.cli.json.Json;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.Xattrs;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reports a volume that is restored or filled: shows progress, and what was not restored exactly.
 */
public final class RestoreReport implements TreeListener {
  private static final int NAMED = 20;
  private final PrintStream errors;
  private final String operation;
  private final VolumeName volume;
  private final Progress progress;
  private long bytes;
  private long notes;
  private int named;
  private boolean saidThatNoListsAreKept;
  private boolean whole = true;

  /** A report of the planned restore. */
  public static RestoreReport of(Session session, RestorePlan plan) {
    return new RestoreReport(
        session.streams().err(),
        plan.request().volume(),
        Progress.of(session, "restore " + plan.what(), plan::expected));
  }

  public RestoreReport(PrintStream errors, VolumeName volume, Progress progress) {
    this(errors, "restore", volume, progress);
  }

  /**
   * @param operation restore or create
   */
  public RestoreReport(PrintStream errors, String operation, VolumeName volume, Progress progress) {
    this.errors = errors;
    this.operation = operation;
    this.volume = volume;
    this.progress = progress;
  }

  @Override
  public synchronized void advanced(long more) {
    bytes += more;
    progress.advanced(more);
  }

  @Override
  public void finished() {
    progress.finished();
  }

  /** Ignores sockets, which cannot be copied, so the volume is complete without them. */
  @Override
  public synchronized void note(TreePath path, Note note, String text) {
    whole &= note == Note.SOCKET;
    notes++;
    if (named == NAMED || isSaid(text)) {
      return;
    }
    named++;
    progress.end();
    errors.println("Warning: %s %s: %s".formatted(operation, volume, words(path, note, text)));
  }

  /**
   * Whether the message was already shown: on other systems than Windows, every file from Windows
   * loses its access control list, so one message stands for all.
   */
  private boolean isSaid(String text) {
    boolean isList = text.startsWith(Xattrs.WINDOWS_DESCRIPTOR + ":");
    boolean said = isList && saidThatNoListsAreKept;
    saidThatNoListsAreKept |= isList;
    return said;
  }

  private static String words(TreePath path, Note note, String text) {
    return switch (note) {
      // The source need not be a backup.
      case SOCKET, MOUNT_POINT, VANISHED -> path + ": left out: " + text;
      default -> Notes.words(path, note, text);
    };
  }

  /** The result, in words. */
  public synchronized String summary() {
    progress.end();
    if (notes > named) {
      errors.println("Warning: %s %s: and %d more".formatted(operation, volume, notes - named));
    }
    return new Size(bytes).human();
  }

  /** The result, on one line. */
  public String line(RestorePlan plan) {
    return "%s: %s".formatted(plan.what(), summary());
  }

  /** Whether everything was restored exactly. */
  public synchronized boolean isWhole() {
    return whole;
  }

  /** Ends the command with its own exit status if something was not restored exactly. */
  public synchronized void requireWhole() {
    if (!isWhole()) {
      throw CommandFailure.withDifferences(operation + "d");
    }
  }

  /** The result, for a script. */
  public synchronized String json(String source) {
    var _ = summary();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", volume.text());
    fields.put("From", source);
    fields.put("Size", bytes);
    fields.put("Whole", isWhole());
    return Json.compact(fields);
  }
}
