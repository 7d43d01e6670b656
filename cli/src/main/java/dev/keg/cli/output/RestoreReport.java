package dev.keg.cli.output;

import dev.keg.backup.extract.RestoreListener;
import dev.keg.cli.json.Json;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells of a volume that is restored: progress for who watches, and what is not as it was. */
public final class RestoreReport implements RestoreListener {
  private static final int NAMED = 20;

  private final PrintStream errors;
  private final VolumeName volume;
  private final @Nullable Progress progress;
  private long bytes;
  private long notes;

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
    errors.println("Warning: restore %s: %s".formatted(volume, words(path, note, text)));
  }

  private static String words(TreePath path, Note note, String text) {
    return switch (note) {
      case LOST -> path + ": cannot be kept here: " + text;
      case LEFT_OUT -> path + ": left out: " + text;
      case DAMAGED -> path + ": not restored: " + text;
      case DAMAGED_FOR_TAR -> "all files are whole, but tar cannot read the archive: " + text;
    };
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

  /** What it came to, for a script. */
  public synchronized String json(String source) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", volume.text());
    fields.put("From", source);
    fields.put("Size", bytes);
    fields.put("Whole", notes == 0);
    return Json.compact(fields);
  }

  /** Whether everything is as the backup has it. */
  public synchronized boolean whole() {
    return notes == 0;
  }
}
