package dev.keg.policy;

import dev.keg.backup.archive.Exclusions;
import dev.keg.backup.drill.Drilling;
import dev.keg.backup.drill.Drilling.Proof;
import dev.keg.backup.replica.BackupRun;
import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.SaveListener;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.UserCommands;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.error.InvalidInput.InvalidPolicy;
import dev.keg.error.VolumeException;
import dev.keg.moving.Relocating;
import dev.keg.policy.VolumePolicy.Setting;
import dev.keg.program.Programs;
import dev.keg.registry.RegistryLock;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does the due work of the policies for the volumes of a root, once. */
public final class Maintenance {
  private final Setup setup;
  private final UpkeptVolumes volumes;
  private final List<VolumeException> problems = new ArrayList<>();

  /**
   * The dependencies of maintenance.
   *
   * @param output receives the output of the operator's commands
   */
  public record Setup(
      Policies policies,
      BackupContext backups,
      Relocating relocating,
      Repositories repositories,
      KnownRepositories known,
      Verifying verifying,
      Origin origin,
      Programs programs,
      OutputStream output,
      Consumer<String> debug) {}

  /** Receives the results. */
  public interface Listener extends BackupRun.Listener {
    void verified(Task.Verify task, Check check);

    void drilled(Task.Drill task, Proof proof);

    /** A snapshot was taken or removed. */
    void kept(Task task);

    void moved(Task.Move task);
  }

  /**
   * The result of a run.
   *
   * @param due the number of due tasks
   * @param incomplete the number of volumes with files that changed while they were read, or could
   *     not be read
   */
  public record Result(int due, long incomplete, List<VolumeException> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  public Maintenance(Setup setup) {
    this.setup = setup;
    this.volumes =
        new UpkeptVolumes(setup.policies(), setup.backups(), VolumeFacts.of(setup.backups()));
  }

  /** The tasks that are due now; failures to determine them are among the problems. */
  public List<Task> due() {
    SortedMap<VolumeName, BackupPlan> plans = plans();
    SortedMap<VolumeName, BackupPlan> all = withArchived(plans);
    DueWork work = work(plans, this::present);
    DueWork proofs = all.size() == plans.size() ? work : work(all, this::present);
    List<Task> due = new ArrayList<>(snapshots().due());
    due.addAll(work.saves());
    due.addAll(proofs.verifications());
    due.addAll(proofs.drills());
    due.addAll(pools().due());
    work.problems().forEach(this::tell);
    proofs.problems().forEach(this::tell);
    return due;
  }

  private SnapshotUpkeep snapshots() {
    return new SnapshotUpkeep(volumes, this::tell);
  }

  private PoolUpkeep pools() {
    return new PoolUpkeep(volumes, setup.relocating(), this::tell);
  }

  /** Reports a problem once, as an unreadable policy or repository may show several times. */
  private void tell(VolumeException problem) {
    String message = String.valueOf(problem.getMessage());
    if (problems.stream().noneMatch(known -> message.equals(known.getMessage()))) {
      problems.add(problem);
    }
  }

  /** The failures so far. */
  public List<VolumeException> problems() {
    return List.copyOf(problems);
  }

  /** Empty if another process is maintaining the root. */
  public Optional<Result> run(SaveListener listener, Listener results) {
    setup.backups().registry().openForWriting();
    Optional<RegistryLock.Held> lock = setup.backups().registry().lock().tryMaintenance();
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try (var _ = lock.get()) {
      setup.backups().stopNotes(setup.programs()).startLeft().forEach(this::tell);
      int snapshots = snapshots().run(results::kept);
      SortedMap<VolumeName, BackupPlan> plans = plans();
      DueWork work = work(plans, this::made);
      List<Task.Save> saves = work.saves();
      work.problems().forEach(this::tell);
      long incomplete = 0;
      for (Map.Entry<BackupPlan, List<VolumeName>> group : groups(plans, saves).entrySet()) {
        incomplete += save(group.getKey(), group.getValue(), listener, results);
      }
      // A drill must prove the new backups, so the repositories are read again.
      SortedMap<VolumeName, BackupPlan> all = withArchived(plans);
      boolean same = saves.isEmpty() && all.size() == plans.size();
      DueWork proofs = same ? work : work(all, this::made);
      List<Task.Drill> drills = proofs.drills();
      Set<Backup> proven = new HashSet<>();
      drills.forEach(task -> drill(task, results).ifPresent(proven::add));
      // A drill reads everything that a verification reads.
      List<Task.Verify> verifications =
          proofs.verifications().stream().filter(task -> !proven.contains(task.backup())).toList();
      verifications.forEach(task -> verify(task, results));
      proofs.problems().forEach(this::tell);
      // Last, since a volume that moves to an archive is no longer backed up.
      int moves = pools().run(results::moved);
      int due = snapshots + saves.size() + drills.size() + verifications.size() + moves;
      return Optional.of(new Result(due, incomplete, problems));
    }
  }

  private SortedMap<VolumeName, BackupPlan> plans() {
    SortedMap<VolumeName, BackupPlan> plans = new TreeMap<>();
    for (Volume volume : volumes.here(this::tell)) {
      plan(volume).ifPresent(plan -> plans.put(volume.name(), plan));
    }
    return plans;
  }

  /**
   * Adds archived volumes, which are no longer saved, but whose backup is the only data and must be
   * verified.
   */
  private SortedMap<VolumeName, BackupPlan> withArchived(SortedMap<VolumeName, BackupPlan> plans) {
    SortedMap<VolumeName, BackupPlan> all = new TreeMap<>(plans);
    volumes
        .archived(this::tell)
        .forEach(
            (volume, archived) ->
                plan(volume)
                    .map(plan -> plan.only(List.of(archived.repository())))
                    .ifPresent(plan -> all.put(volume.name(), plan)));
    return all;
  }

  private Optional<BackupPlan> plan(Volume volume) {
    try {
      VolumePolicy policy = volumes.policy(volume);
      Optional<BackupPlan> plan = BackupPlan.of(policy);
      plan.ifPresent(found -> requireNamed(policy, found));
      return plan;
    } catch (VolumeException e) {
      tell(e);
      return Optional.empty();
    }
  }

  /**
   * Requires that the operator named the repository: the creator of a volume chooses its labels,
   * and must not choose where its data goes.
   */
  private void requireNamed(VolumePolicy policy, BackupPlan plan) {
    Setting to = policy.settings().get(PolicyKey.TO);
    if (to == null || !to.fromLabel()) {
      return;
    }
    Set<String> named = setup.policies().locations();
    for (String location : plan.to()) {
      if (!named.contains(location) && !setup.known().isTrusted(location)) {
        throw new InvalidPolicy(
            "%s: label %s names %s, which this root does not trust"
                .formatted(policy.volume().name(), PolicyKey.TO.label(), location),
            "`keg repo trust %s`, or name it in a rule of policy.json".formatted(location));
      }
    }
  }

  private DueWork work(
      SortedMap<VolumeName, BackupPlan> plans, Function<String, BackupCatalog> catalogs) {
    return new DueWork(
        plans,
        setup.origin().host(),
        volumes.facts().now(),
        location ->
            setup.repositories().unused(location).isPresent()
                ? new BackupCatalog(List.of(), List.of())
                : catalogs.apply(location));
  }

  private BackupCatalog present(String location) {
    try (Repository repository = setup.repositories().open(location)) {
      return repository.list();
    }
  }

  /** The catalogue of a repository, which is created if there is none. */
  private BackupCatalog made(String location) {
    try (Repository repository = setup.repositories().openOrCreate(location)) {
      if (repository.isNew()) {
        setup.known().trust(location, repository);
      }
      return repository.list();
    }
  }

  /** The volumes that can be saved together: with one request, to the same repositories. */
  private static Map<BackupPlan, List<VolumeName>> groups(
      SortedMap<VolumeName, BackupPlan> plans, List<Task.Save> due) {
    Map<VolumeName, List<String>> places = new LinkedHashMap<>();
    for (Task.Save task : due) {
      places.computeIfAbsent(task.volume(), _ -> new ArrayList<>()).add(task.location());
    }
    Map<BackupPlan, List<VolumeName>> groups = new LinkedHashMap<>();
    places.forEach(
        (volume, locations) -> {
          BackupPlan plan = plans.get(volume);
          if (plan != null) {
            groups.computeIfAbsent(plan.only(locations), _ -> new ArrayList<>()).add(volume);
          }
        });
    return groups;
  }

  private long save(
      BackupPlan plan, List<VolumeName> volumes, SaveListener listener, Listener results) {
    BackupRun run =
        new BackupRun(
            new Saving(setup.backups(), request(plan), listener),
            setup.repositories(),
            setup.known(),
            new BackupRun.Settings(
                setup.origin(), plan.keep(), setup.backups().services().clock(), setup.debug()),
            results);
    run.toRepositories(plan.to(), volumes);
    problems.addAll(run.problems());
    return run.incomplete();
  }

  private SaveRequest request(BackupPlan plan) {
    return new SaveRequest(
        false,
        OptionalInt.empty(),
        Exclusions.of(plan.exclude()),
        Optional.of(
            new UserCommands(
                plan.pre(), plan.post(), plan.stopWith(), setup.programs(), setup.output())),
        plan.freeze(),
        Set.of(),
        setup.verifying().threads());
  }

  /** The backup as its repository has it; it may have been found in this host's copies. */
  private static Backup stored(Repository repository, Backup backup) {
    VolumeName volume = backup.record().volume().name();
    BackupCatalog stored = BackupCatalog.only(repository, volume, backup.id());
    return stored
        .find(backup.id())
        .orElseThrow(
            () ->
                stored.problems(repository.address()).stream()
                    .map(VolumeException.class::cast)
                    .findFirst()
                    .orElse(new NoSuchBackup(repository.address(), volume + " " + backup.id())));
  }

  /** Drills a backup; returns it if all of its data could be restored. */
  private Optional<Backup> drill(Task.Drill task, Listener results) {
    try (Repository repository = setup.repositories().direct().open(task.location())) {
      Drilling drilling =
          new Drilling(
              setup.backups(),
              repository,
              setup.known().trusts(task.location(), repository),
              Optional.empty(),
              false,
              setup.verifying().threads());
      drilling.sweep();
      Proof proof = drilling.drill(stored(repository, task.backup()), TreeListener.NONE);
      proof.loss().ifPresentOrElse(problems::add, () -> results.drilled(task, proof));
      return Optional.of(task.backup());
    } catch (VolumeException e) {
      problems.add(e);
      return Optional.empty();
    }
  }

  private void verify(Task.Verify task, Listener results) {
    try (Repository repository = setup.repositories().direct().open(task.location())) {
      Check check = setup.verifying().check(repository, stored(repository, task.backup()));
      results.verified(task, check);
      if (!check.good()) {
        problems.add(
            new BackupDamaged(task.volume() + " " + task.backup().id().text(), check.findings()));
      }
    } catch (VolumeException e) {
      problems.add(e);
    }
  }
}
