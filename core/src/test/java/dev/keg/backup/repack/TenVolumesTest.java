package dev.keg.backup.repack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Exclusions;
import dev.keg.backup.repack.TenVolumes.Simulated;
import dev.keg.backup.replica.Rotation;
import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.MemoryStore;
import dev.keg.backup.store.StoreFailures;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Daily and hourly backups of ten volumes with retention, on a clock that a test advances. */
class TenVolumesTest {
  private static final SaveRequest CHANGES =
      new SaveRequest(
          false,
          OptionalInt.empty(),
          Exclusions.of(List.of()),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          1);

  private final BackedHost host = new BackedHost();
  private final Map<BackupId, Map<String, Integer>> contents = new HashMap<>();

  private void backUp(Simulated volume) {
    Saved saved = host.save(volume.name, CHANGES, host.repository);
    contents.put(Objects.requireNonNull(saved.id()), volume.content());
  }

  /** Only busy volumes keep hourly backups. */
  private void forget(TenVolumes volumes, Plan plan) {
    Set<VolumeName> busy = volumes.busy().stream().map(v -> v.name).collect(Collectors.toSet());
    BackupCatalog all = host.repository.list();
    Rotation quiet = rotation(plan.daily());
    List<Decision> decisions =
        Stream.concat(
                rotation(plan.hourly() + "," + plan.daily()).decide(all, isOf(busy)).stream(),
                quiet.decide(all, isOf(busy).negate()).stream())
            .toList();
    quiet.run(decisions).forgotten().forEach(contents::remove);
  }

  private static Predicate<Backup> isOf(Set<VolumeName> volumes) {
    return backup -> volumes.contains(backup.record().volume().name());
  }

  private Rotation rotation(String policy) {
    return new Rotation(host.repository, RetentionPolicy.parse(policy), ZoneOffset.UTC, host.clock);
  }

  private void repack(int mostUnused) {
    RepackLimits limits = new RepackLimits(mostUnused, new Size(Long.MAX_VALUE), Grace.NONE);
    RepackReport report = new Repacking(host.repository, limits, _ -> {}).run();
    assertThat(report.problems()).isEmpty();
  }

  private static long size(MemoryStore store) {
    return StoreFailures.translate(() -> store.list("")).stream()
        .mapToLong(object -> object.size().bytes())
        .sum();
  }

  /**
   * What happens: a backup of each volume a day; on the last day of each week, and the last two of
   * all, also hourly ones of the busy volumes. Old ones are forgotten daily; weekly, the rest is
   * repacked.
   *
   * @param hours the number of hourly backups on a day
   * @param hourly how many of those to keep
   * @param daily how many others to keep
   * @param mostUnused the percentage that repacking leaves unused
   */
  private record Plan(int days, int hours, String hourly, String daily, int mostUnused) {}

  private void live(TenVolumes volumes, Plan plan) throws IOException {
    for (int day = 1; day <= plan.days(); day++) {
      volumes.day();
      volumes.all().forEach(this::backUp);
      int hours = day % 7 == 0 || day > plan.days() - 2 ? plan.hours() : 0;
      for (int hour = 0; hour < hours; hour++) {
        host.advance(Duration.ofHours(1));
        volumes.hour();
        volumes.busy().forEach(this::backUp);
      }
      host.advance(Duration.ofHours(24 - hours));
      forget(volumes, plan);
      if (day % 7 == 0) {
        repack(plan.mostUnused());
      }
    }
    host.advance(Duration.ofHours(25));
    forget(volumes, plan);
    repack(plan.mostUnused());
  }

  /** As nightly.md recommends. */
  @Test
  @NeedsTime
  void after_two_months_what_is_kept_takes_little_more_than_a_fresh_repository_of_it()
      throws IOException {
    run(new Plan(60, 4, "hourly=24", "daily=7,weekly=4,monthly=12", 1));
  }

  @Test
  void after_a_week_what_is_kept_takes_little_more_than_a_fresh_repository_of_it()
      throws IOException {
    run(new Plan(8, 3, "hourly=4", "daily=3,weekly=2", 0));
  }

  private void run(Plan plan) throws IOException {
    TenVolumes volumes = new TenVolumes(host);
    live(volumes, plan);
    List<Backup> kept = host.repository.list().backups();
    assertThat(kept).extracting(Backup::id).hasSameElementsAs(contents.keySet());
    assertThat(host.repository.list().damages()).isEmpty();
    assertThat(StoreFailures.translate(() -> host.store.list("rests/"))).isNotEmpty();
    saveAnew(volumes, kept);
    long fresh = size(host.otherStore);
    assertThat(size(host.store)).isLessThan(fresh + fresh / 20);
  }

  /**
   * Restores and compares each backup, and saves the content to an empty repository. Files that are
   * the same as in the one before stay as they are, inode and all, as in a volume in use.
   */
  private void saveAnew(TenVolumes volumes, List<Backup> kept) throws IOException {
    Map<VolumeName, Simulated> byName =
        volumes.all().stream().collect(Collectors.toMap(v -> v.name, Function.identity()));
    Map<VolumeName, VolumeName> restored = new HashMap<>();
    for (Backup backup : kept) {
      VolumeName name = backup.record().volume().name();
      VolumeName scratch = restored.computeIfAbsent(name, _ -> host.create("restored-" + name));
      RestoreRequest request =
          new RestoreRequest(
              scratch, Optional.empty(), Mode.REPLACE_CHANGED, false, false, false, false, 1);
      try (RestoreSource source = RestoreSource.of(host.repository, backup.record(), true)) {
        new Restoring(host.context).restore(source, request, host.listener());
      }
      assertThat(volumes.contentOf(scratch)).isEqualTo(contents.get(backup.id()));
      Objects.requireNonNull(byName.get(name)).become(scratch);
      host.save(name, CHANGES, host.other);
    }
  }
}
