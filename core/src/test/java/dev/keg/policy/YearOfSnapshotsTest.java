package dev.keg.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.policy.VolumePolicy.Setting;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A year of maintenance, twice a day, of fifty volumes with three policies. The expected remaining
 * snapshots are computed from all snapshots that were ever made, by other means than the retention.
 */
class YearOfSnapshotsTest {
  private static final ZonedDateTime BEGIN =
      ZonedDateTime.of(2026, 1, 1, 0, 30, 0, 0, ZoneOffset.UTC);

  private enum Kind {
    LAST("12h", "last=8"),
    STRETCHES("1d", "daily=7,weekly=4,monthly=6"),
    WITHIN("7d", "within=3m");

    final String every;
    final String keep;

    Kind(String every, String keep) {
      this.every = every;
      this.keep = keep;
    }

    Set<ZonedDateTime> left(List<ZonedDateTime> made) {
      return switch (this) {
        case LAST -> new TreeSet<>(made.subList(made.size() - 8, made.size()));
        case STRETCHES -> {
          Set<ZonedDateTime> left = new TreeSet<>(newest(7, made, ZonedDateTime::toLocalDate));
          left.addAll(newest(4, made, Kind::week));
          left.addAll(newest(6, made, YearMonth::from));
          yield left;
        }
        case WITHIN -> {
          ZonedDateTime oldest = made.getLast().minusMonths(3);
          yield made.stream()
              .filter(time -> !time.isBefore(oldest))
              .collect(Collectors.toCollection(TreeSet::new));
        }
      };
    }

    private static Integer week(ZonedDateTime time) {
      return time.get(IsoFields.WEEK_BASED_YEAR) * 100
          + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    /** The newest of each of the last periods. */
    private static <K extends Comparable<? super K>> Collection<ZonedDateTime> newest(
        int count, List<ZonedDateTime> made, Function<ZonedDateTime, K> stretch) {
      TreeMap<K, ZonedDateTime> all = new TreeMap<>();
      made.forEach(time -> all.put(stretch.apply(time), time));
      return all.descendingMap().values().stream().limit(count).toList();
    }
  }

  private static final List<Kind> KINDS = List.of(Kind.LAST, Kind.STRETCHES, Kind.WITHIN);

  /** A volume with its snapshots and their times. */
  private static final class Kept {
    final Kind kind;
    final VolumePolicy policy;
    final List<ZonedDateTime> made = new ArrayList<>();
    final List<Snapshot> snapshots = new ArrayList<>();

    Kept(int number) {
      kind = KINDS.get(number % KINDS.size());
      Volume volume =
          new Volume(
              new VolumeName("volume" + number), "local", Options.NONE, Labels.NONE, Instant.EPOCH);
      policy =
          new VolumePolicy(
              volume,
              Map.of(
                  PolicyKey.SNAPSHOT_EVERY,
                  new Setting(kind.every, 1),
                  PolicyKey.SNAPSHOT_KEEP,
                  new Setting(kind.keep, 1)));
    }

    void maintain(ZonedDateTime now) {
      if (new SnapshotWork(policy, snapshots, now).make().isPresent()) {
        made.add(now);
        snapshots.add(
            new Snapshot(
                policy.volume(),
                new SnapshotName("number" + made.size()),
                now.toInstant(),
                Optional.empty(),
                true,
                true,
                true));
      }
      for (Task.RemoveSnapshot task : new SnapshotWork(policy, snapshots, now).remove()) {
        snapshots.removeIf(snapshot -> snapshot.name().equals(task.snapshot()));
      }
    }

    Set<ZonedDateTime> left() {
      return snapshots.stream()
          .map(snapshot -> snapshot.created().atZone(ZoneOffset.UTC))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void a_year_leaves_exactly_what_the_policies_say() {
    for (int number = 0; number < 50; number++) {
      Kept kept = new Kept(number);
      // The volumes differ in age.
      ZonedDateTime first = BEGIN.plusDays(number / 3);
      for (int run = 0; run < 2 * 365; run++) {
        ZonedDateTime now = first.plus(Duration.ofHours(12L * run));
        kept.maintain(now);
      }

      assertThat(kept.made).as("%s", kept.kind).hasSizeGreaterThanOrEqualTo(52);
      assertThat(kept.left())
          .as("%s of %d", kept.kind, number)
          .isEqualTo(kept.kind.left(kept.made));
    }
  }
}
