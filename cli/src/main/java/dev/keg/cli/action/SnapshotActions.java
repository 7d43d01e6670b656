package dev.keg.cli.action;

import dev.keg.backup.retention.Age;
import dev.keg.cli.output.ChangeLine;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.SnapshotColumns;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.snapshot.SnapshotDifference;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.SnapshotRestoring;
import dev.keg.snapshot.Snapshotting.Cost;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The actions of {@code keg snapshot} on a volume. */
public record SnapshotActions(Session session, SnapshotWords words, Format format) {
  /** Copying less than this takes no noticeable time. */
  private static final Size LITTLE = new Size(1L << 20);

  /** Copying more than this requires a confirmation. */
  private static final Size MUCH = new Size(1L << 30);

  public void create(Optional<Age> expires, boolean copy) {
    String volume = words.requireVolume("create", 0, 1);
    Cost cost = session.snapshots().cost(volume);
    if (!cost.shared() && !copy && cost.copied().compareTo(MUCH) > 0) {
      confirm(volume, cost);
    }
    SnapshotRequest request =
        new SnapshotRequest(volume, words.names().stream().findFirst(), expires, false);
    Interruption.run(
        () -> {
          Snapshot made =
              Progress.during(
                  session, "snapshot create " + volume, () -> session.snapshots().create(request));
          warn(made, cost);
          print(made);
        });
  }

  private void confirm(String volume, Cost cost) {
    String warning =
        "WARNING! The snapshot cannot share data with volume %s: %s will be copied.%n"
            .formatted(volume, cost.copied().human());
    if (!Confirmation.of(session.streams(), "--copy").ask(warning)) {
      throw new CommandFailure(
          "snapshot create %s: not confirmed; nothing was changed".formatted(volume), 1);
    }
  }

  private void warn(Snapshot made, Cost cost) {
    if (!made.shared() && cost.copied().compareTo(LITTLE) > 0) {
      session.warn(
          "%s is a copy of %s: this file system cannot share data between files"
              .formatted(made, cost.copied().human()));
    }
    if (!made.consistent()) {
      session.warn(
          "%s was in use, so files that were being written may not match each other"
              .formatted(made.volume().name()));
    }
  }

  private void print(Snapshot made) {
    if (format instanceof Format.Document) {
      print(List.of(made));
    } else {
      session.streams().out().println(isQuiet() ? made.name().text() : made.toString());
    }
  }

  private boolean isQuiet() {
    return format instanceof Format.Names;
  }

  /** The snapshots. */
  public static Rows<Snapshot> rows(Session session) {
    return SnapshotColumns.rows(session.zone());
  }

  public void list() {
    List<VolumeException> problems = new ArrayList<>();
    print(words.list(session, problems::add));
    PartialFailure.throwIfAny(problems);
  }

  private void print(List<Snapshot> snapshots) {
    rows(session).print(session.streams().out(), format, snapshots);
  }

  public void remove() {
    String volume = words.requireVolume("rm", 1, Integer.MAX_VALUE);
    PartialFailure.forEach(
        words.names(),
        name -> {
          Progress.run(
              session,
              "snapshot rm " + volume + "@" + name,
              () -> session.snapshots().remove(volume, name));
          say("Removed", volume, name);
        });
  }

  public void restore(boolean yes) {
    String volume = words.requireVolume("restore", 1, 1);
    SnapshotName name = words.names().getFirst();
    String warning =
        "WARNING! This will replace the content of volume %s with its snapshot %s.%n"
            .formatted(volume, name);
    if (!yes && !Confirmation.of(session.streams(), "--yes").ask(warning)) {
      throw new CommandFailure(
          "snapshot restore %s: not confirmed; nothing was changed".formatted(volume), 1);
    }
    Interruption.run(
        () -> {
          new SnapshotRestoring(session.backups()).restore(volume, name);
          say("Restored", volume, name);
        });
  }

  private void say(String done, String volume, SnapshotName name) {
    Result result =
        Result.of(isQuiet() ? name.text() : volume + "@" + name)
            .with(done, true)
            .with("Name", name.text())
            .with("Volume", volume);
    session.streams().out().println(result.text(format instanceof Format.Document));
  }

  public void compare(FileLine.Style style) {
    String volume = words.requireVolume("diff", 1, 2);
    Interruption.run(
        () ->
            new SnapshotDifference(session.backups())
                .each(
                    volume,
                    words.names().getFirst(),
                    words.names().stream().skip(1).findFirst(),
                    change -> session.streams().out().println(ChangeLine.in(style, change))));
  }
}
