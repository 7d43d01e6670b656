package dev.keg.cli.output;

import dev.keg.cli.json.Json;
import dev.keg.cli.session.CommandFailure;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells of a volume that is restored: progress for who watches, and what is not as it was. */
public final class RestoreReport implements TreeListener {
  private static final int NAMED = 20;
  private static final int NOT_WHOLE = 3;

  private final PrintStream errors;
  private final VolumeName volume;
  private final @Nullable Progress progress;
  private long bytes;
  private long notes;

  /** A report of the restore that this plan is for; with a progress line for who watches. */
  public static RestoreReport of(
      PrintStream errors, InstantSource clock, RestorePlan plan, boolean watched) {
    return new RestoreReport(
        errors,
        plan.request().volume(),
        watched ? new Progress(errors, clock, "restore " + plan.what(), plan.expected()) : null);
  }

  public RestoreReport(PrintStream errors, VolumeName volume, @Nullable Progress progress) {
    this.errors = errors;
    this.volume = volume;
    this.progress = progress;
  }

  @Override
  public synchronized void advanced(TreePath path, long more) {
    bytes += more;
    if (progress != null) {
      progress.advanced(more);
    }
  }

  @Override
  public synchronized void note(TreePath path, Note note, String text) {
    if (++notes > NAMED) {
      return;
    }
    if (progress != null) {
      progress.end();
    }
    errors.println("Warning: restore %s: %s".formatted(volume, Notes.words(path, note, text)));
  }

  /** What it came to, in words. */
  public synchronized String summary() {
    if (progress != null) {
      progress.end();
    }
    if (notes > NAMED) {
      errors.println("Warning: restore %s: and %d more".formatted(volume, notes - NAMED));
    }
    return new Size(bytes).human();
  }

  /** What it came to, on one line. */
  public String line(RestorePlan plan) {
    return "%s: %s".formatted(plan.what(), summary());
  }

  /** Ends the command with its own status if something is not as in the backup. */
  public synchronized void requireWhole() {
    if (notes > 0) {
      throw new CommandFailure("Warning: restored with differences, listed above", NOT_WHOLE);
    }
  }

  /** What it came to, for a script. */
  public synchronized String json(String source) {
    var _ = summary();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", volume.text());
    fields.put("From", source);
    fields.put("Size", bytes);
    fields.put("Whole", notes == 0);
    return Json.compact(fields);
  }
}
