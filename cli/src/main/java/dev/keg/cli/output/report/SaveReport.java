package dev.keg.cli.output.report;

import dev.keg.backup.replica.BackupRun;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.ForgetReport;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.Saved;
import dev.keg.cli.json.Json;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports volumes that are saved: shows progress, and a line or an object for each. */
public final class SaveReport implements SaveListener {
  /** The format of a backup's report. */
  public enum Style {
    LINE,
    /** Only the ID, or the location of the archive. */
    NAME,
    JSON
  }

  private final PrintStream results;
  private final PrintStream errors;
  private final Session session;
  private final String operation;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private @Nullable Progress progress;

  /**
   * @param operation the name of the command
   */
  public SaveReport(Session session, String operation, PrintStream results) {
    this.session = session;
    this.operation = operation;
    this.results = results;
    this.errors = session.streams().err();
  }

  @Override
  public TreeListener begin(VolumeName volume, Supplier<Size> expected) {
    Progress line = Progress.of(session, operation + " " + volume, expected);
    progress = line;
    notes.clear();
    return new TreeListener() {
      @Override
      public void advanced(long bytes) {
        line.advanced(bytes);
      }

      @Override
      public void finished() {
        line.finished();
      }

      @Override
      public void note(TreePath path, Note note, String text) {
        line.end();
        String words = Notes.words(path, note, text);
        notes.add(words);
        errors.println("Warning: %s %s: %s".formatted(operation, volume, words));
      }
    };
  }

  @Override
  public void warn(VolumeName volume, String text) {
    errors.println("Warning: %s %s: %s".formatted(operation, volume, text));
  }

  @Override
  public void end(VolumeName volume) {
    if (progress != null) {
      progress.end();
    }
  }

  /** Reports the backups of a run, and what it forgets. */
  public BackupRun.Listener of(Style style) {
    return new BackupRun.Listener() {
      @Override
      public void saved(Saved saved) {
        switch (style) {
          case LINE -> line(saved);
          case NAME -> name(saved);
          case JSON -> json(saved);
        }
      }

      @Override
      public void forgot(String repository, ForgetReport report) {
        errors.println(ForgetSummary.of("Forgot older backups in " + repository, report).line());
      }
    };
  }

  /** A line: {@code db: 20261120T105801Z-3f9a1c2e, full, 12 files of 96kB, 4.7kB stored, 0.4s}. */
  private void line(Saved saved) {
    results.println(
        "%s: %s%s of %s, %s stored, %s"
            .formatted(
                saved.volume(),
                saved
                    .backup()
                    .map(id -> id + (saved.parent() == null ? ", full, " : ", partial, "))
                    .orElse(""),
                Counted.of(saved.totals().files(), "file"),
                new Size(saved.totals().bytes()).human(),
                saved.stored().human(),
                seconds(saved.took())));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
  }

  private void name(Saved saved) {
    results.println(saved.backup().map(BackupId::text).orElse(saved.places().getFirst()));
  }

  private void json(Saved saved) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", saved.volume().text());
    saved.backup().ifPresent(id -> fields.put("ID", id.text()));
    Optional.ofNullable(saved.parent()).ifPresent(id -> fields.put("Parent", id.text()));
    fields.put("Places", saved.places());
    fields.put("Entries", saved.totals().entries());
    fields.put("Files", saved.totals().files());
    fields.put("Size", saved.totals().bytes());
    fields.put("Stored", saved.stored().bytes());
    fields.put("Changed", saved.totals().changed());
    fields.put("Unreadable", saved.summary().unreadable());
    fields.put("Rewritten", saved.summary().rewritten());
    Optional.ofNullable(saved.thawed())
        .ifPresent(limit -> fields.put("Thawed", limit.toMillis() / 1000.0));
    fields.put("Seconds", saved.took().toMillis() / 1000.0);
    fields.put(
        "Problems",
        Stream.concat(saved.problems().stream().map(VolumeException::getMessage), notes.stream())
            .toList());
    results.println(Json.compact(fields));
  }
}
