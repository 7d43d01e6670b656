package dev.keg.cli.command;

import dev.keg.backup.retention.Age;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.ChangeLine;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.output.SnapshotColumns;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.snapshot.SnapshotDifference;
import dev.keg.snapshot.SnapshotRequest;
import dev.keg.snapshot.SnapshotRestoring;
import dev.keg.snapshot.Snapshotting.Cost;
import dev.keg.volume.Size;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code keg snapshot} does with a volume. */
record SnapshotActions(Session session, SnapshotWords words, boolean quiet) {
  /** A copy of less than this takes no time. */
  private static final Size LITTLE = new Size(1L << 20);

  /** More than this is not copied unasked. */
  private static final Size MUCH = new Size(1L << 30);

  void create(Optional<Age> expires, boolean copy, boolean json) {
    String volume = words.requireVolume("create", 0, 1);
    Cost cost = session.snapshots().cost(volume);
    if (!cost.shared() && !copy && cost.copied().compareTo(MUCH) > 0) {
      confirm(volume, cost);
    }
    SnapshotRequest request =
        new SnapshotRequest(volume, words.names().stream().findFirst(), expires, false);
    session.interruptibly(
        () -> {
          Snapshot made = session.snapshots().create(request);
          warn(made, cost);
          print(made, json ? SnapshotColumns.json(made, session.zone()) : made.toString());
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
          "%s was in use, so files that were written meanwhile may not match each other"
              .formatted(made.volume().name()));
    }
  }

  private void print(Snapshot made, String line) {
    session.streams().out().println(quiet ? made.name().text() : line);
  }

  void remove(boolean json) {
    String volume = words.requireVolume("rm", 1, Integer.MAX_VALUE);
    PartialFailure.forEach(
        words.names(),
        name -> {
          session.snapshots().remove(volume, name);
          say("Removed", volume, name, json);
        });
  }

  void restore(boolean yes, boolean json) {
    String volume = words.requireVolume("restore", 1, 1);
    SnapshotName name = words.names().getFirst();
    String warning =
        "WARNING! This will replace the content of volume %s with its snapshot %s.%n"
            .formatted(volume, name);
    if (!yes && !Confirmation.of(session.streams(), "--yes").ask(warning)) {
      throw new CommandFailure(
          "snapshot restore %s: not confirmed; nothing was changed".formatted(volume), 1);
    }
    session.interruptibly(
        () -> {
          new SnapshotRestoring(session.backups()).restore(volume, name);
          say("Restored", volume, name, json);
        });
  }

  private void say(String done, String volume, SnapshotName name, boolean json) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put(done, true);
    fields.put("Name", name.text());
    fields.put("Volume", volume);
    session
        .streams()
        .out()
        .println(json ? Json.compact(fields) : quiet ? name.text() : volume + "@" + name);
  }

  void compare(FileLine.Style style) {
    String volume = words.requireVolume("diff", 1, 2);
    session.interruptibly(
        () ->
            new SnapshotDifference(session.backups())
                .each(
                    volume,
                    words.names().getFirst(),
                    words.names().stream().skip(1).findFirst(),
                    change -> session.streams().out().println(ChangeLine.in(style, change))));
  }
}
