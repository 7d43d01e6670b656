package dev.keg.cli.command;

import dev.keg.backup.extract.Selection;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.Progress;
import dev.keg.cli.output.RestoreReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg restore}. */
@Command(
    name = "restore",
    customSynopsis = "keg restore [OPTIONS] VOLUME",
    header = "Restore a volume, or some of its files, from a backup")
public final class RestoreCommand implements Runnable {
  private static final int NOT_WHOLE = 3;

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private SourceOptions from = new SourceOptions();

  @Option(
      names = "--path",
      paramLabel = "path",
      converter = Converters.PathInTree.class,
      description = "Restore this file or directory of the volume only")
  private List<TreePath> paths = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "VOLUME",
      description = "Restore to this volume, which is made if it is missing")
  private Optional<String> to = Optional.empty();

  @Option(names = "--replace", description = "Let the backup take the place of what is there")
  private boolean replace;

  @Option(names = "--merge", description = "Keep what is there and not in the backup")
  private boolean merge;

  @Option(names = "--verify", description = "Compare what was written before it becomes live")
  private boolean verify;

  @Option(names = "--skip-damaged", description = "Restore the rest where files are damaged")
  private boolean skipDamaged;

  @Option(
      names = "--trust",
      description = "Take devices, setuid and security attributes from a plain tar archive too")
  private boolean trust;

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing")
  private boolean dryRun;

  @Option(names = "--json", description = "Print an object of what was restored")
  private boolean json;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not prompt for confirmation")
  private boolean yes;

  @Option(names = "--undo", description = "Bring back what was there before the last restore")
  private boolean undo;

  @Option(names = "--discard", description = "Free the room of what --undo would bring back")
  private boolean discard;

  @Parameters(arity = "1", paramLabel = "VOLUME")
  private String name = "";

  @Override
  public void run() {
    Session session = keg.session();
    VolumeName volume = VolumeName.lookup(name).orElseThrow(() -> new NotFound("restore", name));
    refuseConflicts();
    Restoring restoring = new Restoring(session.backups());
    if (undo || discard) {
      if (undo) {
        restoring.undo(volume);
      } else {
        restoring.discard(volume);
      }
      session.streams().out().println(volume);
      return;
    }
    session.interruptibly(
        () -> from.with(session, volume, source -> restore(session, restoring, source)));
  }

  private void refuseConflicts() {
    if (replace && merge) {
      throw wrong("conflicting options: --replace and --merge");
    }
    if (replace && !paths.isEmpty()) {
      throw wrong("--replace with --path would leave nothing but these; --merge keeps the rest");
    }
    if (undo && discard) {
      throw wrong("conflicting options: --undo and --discard");
    }
    boolean restores = from.given() || replace || merge || to.isPresent() || !paths.isEmpty();
    boolean how = dryRun || json || verify || skipDamaged || trust;
    if ((undo || discard) && (restores || how)) {
      throw wrong("--undo and --discard take a volume and nothing else");
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private RestoreRequest request(Session session) {
    String target = to.orElse(name);
    return new RestoreRequest(
        session.volumes().exists(target)
            ? VolumeName.lookup(target).orElseThrow()
            : new VolumeName(target),
        paths.isEmpty() ? Optional.empty() : Optional.of(new Selection(paths)),
        replace ? Mode.REPLACE : merge ? Mode.MERGE : Mode.EMPTY,
        verify,
        skipDamaged,
        trust,
        Runtime.getRuntime().availableProcessors());
  }

  private void restore(Session session, Restoring restoring, RestoreSource source) {
    if ((verify || skipDamaged) && !(source instanceof RestoreSource.Indexed)) {
      throw wrong("--verify and --skip-damaged are for repositories and archives with an index");
    }
    RestoreRequest request = request(session);
    Restoring.Target target = restoring.inspect(request.volume());
    String what = "%s from %s".formatted(request.volume(), source.name());
    if (dryRun) {
      session
          .streams()
          .out()
          .println(json ? plan(request, source, target) : preview(what, source, target));
      return;
    }
    if (!target.empty() && request.mode() != Mode.EMPTY && !confirmed(session, request)) {
      throw new CommandFailure("restore %s: not confirmed; nothing was changed".formatted(name), 1);
    }
    RestoreReport report =
        new RestoreReport(
            session.streams().err(), request.volume(), progress(session, what, source));
    restoring.restore(source, request, report);
    String summary = report.summary();
    session
        .streams()
        .out()
        .println(json ? report.json(source.name()) : "%s: %s".formatted(what, summary));
    if (!report.whole()) {
      throw new CommandFailure(
          "Warning: not everything is as it was; the lines above say what", NOT_WHOLE);
    }
  }

  /** What {@link #preview} says, for a script. */
  private String plan(RestoreRequest request, RestoreSource source, Restoring.Target target) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", request.volume().text());
    fields.put("From", source.name());
    if (source instanceof RestoreSource.Indexed indexed) {
      fields.put("Files", indexed.archive().totals().files());
      fields.put("Size", indexed.archive().totals().bytes());
    }
    fields.put("Exists", target.exists());
    fields.put("Empty", target.empty());
    fields.put("Refused", !target.empty() && request.mode() == Mode.EMPTY);
    return Json.compact(fields);
  }

  private String preview(String what, RestoreSource source, Restoring.Target target) {
    String content =
        switch (source) {
          case RestoreSource.Indexed indexed ->
              ", %d files of %s"
                  .formatted(
                      indexed.archive().totals().files(),
                      new Size(indexed.archive().totals().bytes()).human());
          case RestoreSource.Stream _, RestoreSource.Zip _ -> "";
        };
    String place =
        !target.exists()
            ? "a volume that would be made"
            : target.empty()
                ? "an empty volume"
                : replace
                    ? "the place of what is there"
                    : merge ? "what is there" : "a volume that is not empty: refused";
    return "would restore %s%s, into %s".formatted(what, content, place);
  }

  private boolean confirmed(Session session, RestoreRequest request) {
    if (yes) {
      return true;
    }
    if (from.isStandardInput()) {
      throw new RestoreFailed(
          name, "nobody can be asked while the backup comes in", "say --yes if it is meant");
    }
    return Confirmation.of(session.streams())
        .ask(
            "WARNING! This will %s volume %s.%n"
                .formatted(
                    request.mode() == Mode.REPLACE ? "replace the content of" : "change files in",
                    request.volume()));
  }

  private @Nullable Progress progress(Session session, String what, RestoreSource source) {
    if (!session.isWatched() || json) {
      return null;
    }
    Size expected =
        source instanceof RestoreSource.Indexed indexed
            ? new Size(indexed.archive().totals().bytes())
            : Size.ZERO;
    return new Progress(session.streams().err(), session.clock(), "restore " + what, expected);
  }
}
