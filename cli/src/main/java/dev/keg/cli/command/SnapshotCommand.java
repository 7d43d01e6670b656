package dev.keg.cli.command;

import dev.keg.backup.retention.Age;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.output.SnapshotColumns;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import dev.keg.volume.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg snapshot}. */
@Command(
    name = "snapshot",
    customSynopsis = "keg snapshot [OPTIONS] ACTION [VOLUME [NAME...]]",
    header = "Keep a volume as it is now, and go back to it: create, ls, rm, restore, diff")
public final class SnapshotCommand implements Runnable {
  /** What can be done. */
  private static final class Actions extends ArrayList<String> {
    Actions() {
      super(List.of("create", "diff", "ls", "restore", "rm"));
    }
  }

  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions();

  @Option(
      names = "--expires",
      paramLabel = "age",
      converter = Converters.AgeText.class,
      description = "With create, let `keg maintain` remove it after this time (e.g. 7d)")
  private Optional<Age> expires = Optional.empty();

  @Option(
      names = "--copy",
      description = "With create, do not ask before more than 1 GiB is copied")
  private boolean copy;

  @Option(
      names = {"-y", "--yes"},
      description = "With restore, do not prompt for confirmation")
  private boolean yes;

  @Option(names = "--json", description = "Print an object for each line")
  private boolean json;

  @Parameters(index = "0", paramLabel = "ACTION", arity = "1", completionCandidates = Actions.class)
  private String action = "";

  @Parameters(index = "1", paramLabel = "VOLUME", arity = "0..1")
  private Optional<String> volume = Optional.empty();

  @Parameters(index = "2..*", paramLabel = "NAME", arity = "0..*")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIf(!new Actions().contains(action), unknown());
    WrongUse.throwIf(
        (expires.isPresent() || copy) && !action.equals("create"),
        "--expires and --copy apply only to create");
    WrongUse.throwIf(yes && !action.equals("restore"), "--yes applies only to restore");
    WrongUse.throwIf(rows.hasFormat() && !action.equals("ls"), "--format applies only to ls");
    WrongUse.throwIf(json && rows.given(), "conflicting options: --json, and --format or --quiet");
    SnapshotWords words = SnapshotWords.of(volume, names);
    SnapshotActions actions = new SnapshotActions(session, words, rows.quiet());
    switch (action) {
      case "create" -> actions.create(expires, copy, json);
      case "diff" -> actions.compare(FileLine.Style.of(json, rows.quiet()));
      case "restore" -> actions.restore(yes, json);
      case "rm" -> actions.remove(json);
      default -> list(session, words);
    }
  }

  private String unknown() {
    return "unknown action '" + action + "': use create, ls, rm, restore or diff";
  }

  private void list(Session session, SnapshotWords words) {
    List<VolumeException> problems = new ArrayList<>();
    List<Snapshot> found = words.list(session, problems::add);
    if (json) {
      found.forEach(
          one -> session.streams().out().println(SnapshotColumns.json(one, session.zone())));
    } else {
      SnapshotColumns.rows(session.zone()).print(session.streams().out(), rows.format(), found);
    }
    PartialFailure.throwIfAny(problems);
  }
}
