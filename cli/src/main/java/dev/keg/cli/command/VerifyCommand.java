package dev.keg.cli.command;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Catalog;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Verifying;
import dev.keg.cli.json.Json;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.error.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg verify}. */
@Command(
    name = "verify",
    customSynopsis = "keg verify [OPTIONS] [VOLUME...]",
    header = "Verify backups: the newest of each volume, or those that are named")
public final class VerifyCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RepositoryOptions where = new RepositoryOptions();

  @Option(names = "--quick", description = "Look at the index, and whether the data is there")
  private boolean quick;

  @Option(names = "--full", description = "Read all data (the default)")
  private boolean full;

  @Option(names = "--deep", description = "Restore it to a scratch directory, and compare")
  private boolean deep;

  @Option(
      names = "--at",
      paramLabel = "backup",
      description = "A backup's id, a time (the last backup until then), or latest (default)")
  private Optional<String> at = Optional.empty();

  @Option(
      names = {"-a", "--all"},
      description = "Verify every backup, not the newest of each volume only")
  private boolean all;

  @Option(
      names = "--scratch",
      paramLabel = "directory",
      converter = Converters.FileName.class,
      description = "Where --deep restores to for a while (default $TMPDIR)")
  private Optional<String> scratch = Optional.empty();

  @Option(names = "--json", description = "Print an object for each backup")
  private boolean json;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    Verifying verifying = verifying(session);
    String location = where.location(session);
    Path file = session.files().getPath(location);
    boolean archive = !location.contains("://") && Files.isRegularFile(file);
    session.interruptibly(
        () -> {
          if (archive) {
            checkFile(session, verifying, file);
          } else {
            checkBackups(session, verifying, location);
          }
        });
  }

  private Verifying verifying(Session session) {
    if (Stream.of(quick, full, deep).filter(given -> given).count() > 1) {
      throw wrong("conflicting options: --quick, --full and --deep");
    }
    if (all && at.isPresent()) {
      throw wrong("conflicting options: --all and --at");
    }
    if (scratch.isPresent() && !deep) {
      throw wrong("--scratch is for --deep");
    }
    return new Verifying(
        quick ? Level.QUICK : deep ? Level.DEEP : Level.FULL,
        scratch.map(text -> session.files().getPath(text)).orElseGet(session::temporary),
        session.trees(),
        Runtime.getRuntime().availableProcessors(),
        session.clock());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void checkFile(Session session, Verifying verifying, Path file) {
    if (all || at.isPresent() || !volumes.isEmpty()) {
      throw wrong("of an archive there is nothing to choose");
    }
    report(session, file.toString(), Map.of("File", file.toString()), verifying.check(file));
  }

  private void checkBackups(Session session, Verifying verifying, String location) {
    try (Repository repository = session.repositories().open(location)) {
      List<VolumeException> problems = new ArrayList<>();
      for (Backup backup : chosen(session, repository, problems)) {
        try {
          String volume = backup.record().volume().name().text();
          String id = backup.id().text();
          Map<String, String> what = Map.of("Volume", volume, "ID", id);
          report(session, volume + " " + id, what, verifying.check(repository, backup));
        } catch (VolumeException e) {
          problems.add(e);
        }
      }
      PartialFailure.throwIfAny(problems);
    }
  }

  private void report(Session session, String name, Map<String, String> what, Check check) {
    if (json) {
      SortedMap<String, Object> fields = new TreeMap<>(what);
      fields.put("Level", check.level().toString());
      fields.put("Good", check.good());
      fields.put("Findings", check.findings());
      session.streams().out().println(Json.compact(fields));
    }
    if (!check.good()) {
      throw new BackupDamaged(name, check.findings());
    }
    if (!json) {
      session.streams().out().println("%s: good (%s)".formatted(name, check.level()));
    }
  }

  private List<Backup> chosen(
      Session session, Repository repository, List<VolumeException> problems) {
    Catalog catalog = repository.list();
    problems.addAll(Catalogues.damages(repository, catalog.damages()));
    for (String volume : volumes) {
      if (catalog.backups().stream().noneMatch(backup -> isOf(backup, volume))) {
        problems.add(new NoSuchBackup(repository.address(), volume));
      }
    }
    BackupChoice choice = Choices.parse(session, at.orElse("latest"));
    List<Backup> chosen =
        catalog.histories().stream()
            .map(history -> history.stream().filter(this::isWanted).toList())
            .flatMap(history -> all ? history.stream() : choice.in(history).stream())
            .toList();
    if (chosen.isEmpty() && problems.isEmpty()) {
      problems.add(new NoSuchBackup(repository.address(), at.orElse("there is none at all")));
    }
    return chosen;
  }

  private boolean isWanted(Backup backup) {
    return volumes.isEmpty() || volumes.stream().anyMatch(volume -> isOf(backup, volume));
  }

  private static boolean isOf(Backup backup, String volume) {
    return backup.record().volume().name().text().equals(volume);
  }
}
