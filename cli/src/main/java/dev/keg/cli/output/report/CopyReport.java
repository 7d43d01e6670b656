package dev.keg.cli.output.report;

import dev.keg.cli.json.Json;
import dev.keg.cli.session.CommandFailure;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports a copy of files: shows progress, and what is not copied exactly. */
public final class CopyReport implements TreeListener {
  private static final int NAMED = 20;
  private final String operation;
  private final PrintStream errors;
  private final @Nullable Progress progress;
  private long files;
  private long bytes;
  private long notes;
  private boolean whole = true;

  /** A report with this progress, or without any if it is null. */
  public CopyReport(String operation, PrintStream errors, @Nullable Progress progress) {
    this.operation = operation;
    this.errors = errors;
    this.progress = progress;
  }

  @Override
  public synchronized void advanced(long more) {
    bytes += more;
    if (progress != null) {
      progress.advanced(more);
    }
  }

  @Override
  public synchronized void finished() {
    files++;
    if (progress != null) {
      progress.finished();
    }
  }

  /** Ignores sockets, which cannot be copied, so the copy is complete without them. */
  @Override
  public synchronized void note(TreePath path, Note note, String text) {
    whole &= note == Note.SOCKET;
    if (++notes > NAMED) {
      return;
    }
    if (progress != null) {
      progress.end();
    }
    errors.println("Warning: %s: %s: %s".formatted(operation, path, words(note, text)));
  }

  private static String words(TreeListener.Note note, String text) {
    return switch (note) {
      case SOCKET -> "not copied: a socket";
      case MOUNT_POINT -> "not copied: another file system is mounted there";
      case VANISHED -> "not copied: removed meanwhile";
      case UNREADABLE -> "not copied: " + text;
      case CHANGED -> "changed while it was copied: " + text;
      case LOST -> "cannot be preserved here: " + text;
      case LEFT_OUT -> "left out: " + text;
      case OTHER_VOLUME, DAMAGED, DAMAGED_FOR_TAR -> text;
    };
  }

  /** Ends the progress line, and prints the number of notes that were not printed. */
  public synchronized void end() {
    if (progress != null) {
      progress.end();
    }
    if (notes > NAMED) {
      errors.println("Warning: %s: and %d more".formatted(operation, notes - NAMED));
    }
  }

  public synchronized String json(String from, String to) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("From", from);
    fields.put("To", to);
    fields.put("Files", files);
    fields.put("Size", bytes);
    fields.put("Whole", whole);
    return Json.compact(fields);
  }

  /** Ends the command with its own exit status if something was not copied, or not exactly. */
  public synchronized void requireWhole() {
    if (!whole) {
      throw CommandFailure.withDifferences("copied");
    }
  }
}
