package dev.keg.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.file.FileFailures;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A year of maintenance of fifty volumes with three policies, every night except for a week in
 * which the host was off; with less time, seven months of a few volumes. The expected work of each
 * night, and the backups left in the end, are computed a second time directly from the policies: by
 * the calendar, without an age, a retention or a mark.
 */
class YearOfMaintenanceTest {
  private static final LocalDate BEGIN = LocalDate.of(2040, 1, 1);
  private static final LocalDate OFF = LocalDate.of(2040, 6, 10);
  private static final String[] RULES = {
    "{'backup.to':'/backups','backup.every':'7d','backup.keep':'last=5','backup.verify':'1m'}",
    "{'name':'gold-*','backup.every':'1d','backup.keep':'daily=7,weekly=5,monthly=6'}",
    "{'name':'gold-*','backup.verify':'7d','backup.drill':'3m'}",
    "{'name':'gold-*','snapshot.every':'1d','snapshot.keep':'last=3'}",
    "{'name':'cold-*','backup.every':'1m','backup.keep':'within=100d','snapshot.every':'1m'}",
    "{'name':'cold-*','snapshot.keep':'last=2','pool':'default'}",
    "{'name':'cold-*','unused':'60d','pool':'warm'}",
    "{'name':'cold-*','unused':'200d','pool':'archive'}"
  };

  private final MaintainedHost keeper = new MaintainedHost();

  /** The three policies, by the names of the volumes. */
  private enum Kind {
    GOLD(4, 1, Period.ofDays(1), Period.ofDays(7), Period.ofMonths(3), Period.ofDays(1), 3),
    COLD(20, 3, Period.ofMonths(1), Period.ofMonths(1), null, Period.ofMonths(1), 2),
    PLAIN(26, 1, Period.ofDays(7), Period.ofMonths(1), null, null, 0);

    final int many;
    final int few;
    final Period saved;
    final Period verified;
    final @Nullable Period drilled;
    final @Nullable Period snapped;
    final int snapshots;

    Kind(
        int many,
        int few,
        Period saved,
        Period verified,
        @Nullable Period drilled,
        @Nullable Period snapped,
        int snapshots) {
      this.many = many;
      this.few = few;
      this.saved = saved;
      this.verified = verified;
      this.drilled = drilled;
      this.snapped = snapped;
      this.snapshots = snapshots;
    }
  }

  /** The expected state of one volume. */
  private static final class Expected {
    final Kind kind;
    final VolumeName name;
    final List<LocalDate> made = new ArrayList<>();
    final List<LocalDate> archived = new ArrayList<>();
    final TreeSet<LocalDate> snapshots = new TreeSet<>();
    String pool = "default";
    LocalDate used = BEGIN;
    @Nullable LocalDate verified;
    @Nullable LocalDate drilled;

    /** The last proven backups, and those at the time of the last deletion. */
    @Nullable LocalDate proven;

    @Nullable LocalDate restored;
    List<LocalDate> provenThen = List.of();

    Expected(Kind kind, int number) {
      this.kind = kind;
      this.name = new VolumeName(kind.name().toLowerCase(Locale.ROOT) + "-" + number);
    }

    private static boolean isDue(
        @Nullable LocalDate last, @Nullable Period every, LocalDate today) {
      return every != null && (last == null || !last.plus(every).isAfter(today));
    }

    /** The expected work of this night, in any order. */
    List<String> night(LocalDate today) {
      List<String> events = new ArrayList<>();
      boolean isArchived = pool.equals("archive");
      if (!isArchived
          && isDue(snapshots.isEmpty() ? null : snapshots.last(), kind.snapped, today)) {
        events.add("kept " + name);
        snapshots.add(today);
        if (snapshots.size() > kind.snapshots) {
          events.add("removed " + name + "@" + snapshots.pollFirst());
        }
      }
      if (!isArchived && isDue(made.isEmpty() ? null : made.getLast(), kind.saved, today)) {
        events.add("saved " + name + " to /backups");
        made.add(today);
        provenThen = Stream.of(proven, restored).filter(Objects::nonNull).toList();
      }
      boolean drill = isDue(drilled, kind.drilled, today);
      if (drill) {
        events.add("drilled " + name);
        drilled = today;
      } else if (isDue(verified, kind.verified, today)) {
        events.add("verified " + name + " true");
      }
      if (drill || isDue(verified, kind.verified, today)) {
        verified = today;
        proven = isArchived ? archived.getLast() : made.getLast();
        restored = drill ? proven : restored;
      }
      if (kind == Kind.COLD && !wanted(today).equals(pool)) {
        pool = wanted(today);
        events.add("moved " + name + " to " + pool);
        if (pool.equals("archive")) {
          archived.addAll(List.of(today, today));
          snapshots.clear();
          verified = today;
        }
      }
      return events;
    }

    private String wanted(LocalDate today) {
      long days = ChronoUnit.DAYS.between(used, today);
      return days >= 200 ? "archive" : days >= 60 ? "warm" : "default";
    }

    /** The days of the remaining backups. */
    List<LocalDate> left() {
      Collection<LocalDate> left =
          switch (kind) {
            case PLAIN -> new TreeSet<>(made.subList(made.size() - 5, made.size()));
            case COLD ->
                new TreeSet<>(
                    made.stream().filter(made.getLast().minusDays(100)::isBefore).toList());
            case GOLD -> {
              Collection<LocalDate> days = newest(7, Function.identity());
              days.addAll(newest(5, Expected::week));
              days.addAll(newest(6, YearMonth::from));
              yield days;
            }
          };
      // The newest known good ones are always kept.
      left.addAll(provenThen);
      return Stream.concat(left.stream(), archived.stream()).sorted().toList();
    }

    private static Integer week(LocalDate day) {
      return day.get(IsoFields.WEEK_BASED_YEAR) * 100 + day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    /** The newest of each of the last periods. */
    private <K extends Comparable<? super K>> Collection<LocalDate> newest(
        int count, Function<LocalDate, K> stretch) {
      TreeMap<K, LocalDate> all = new TreeMap<>();
      made.forEach(day -> all.put(stretch.apply(day), day));
      return new TreeSet<>(all.descendingMap().values().stream().limit(count).toList());
    }
  }

  private final List<Expected> volumes = new ArrayList<>();

  private static LocalDate day(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private void make(ToIntFunction<Kind> count) throws IOException {
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < count.applyAsInt(kind); i++) {
        volumes.add(new Expected(kind, i));
      }
    }
    for (Expected volume : volumes) {
      keeper.host.write(keeper.host.create(volume.name.text()), "file", "of " + volume.name);
    }
    keeper.host.registry.pools().add(new PoolName("warm"), keeper.host.files.getPath("/disk"));
    keeper.host.registry.pools().addArchive(new PoolName("archive"), "/backups");
    keeper.rules(Stream.of(RULES).map(rule -> rule.replace('\'', '"')).toArray(String[]::new));
  }

  /** Some of the cold volumes are used once, on different days. */
  private void use(LocalDate today) {
    List<Expected> cold = volumes.stream().filter(one -> one.kind == Kind.COLD).toList();
    for (Expected volume : cold.subList(0, Math.min(5, cold.size() - 1))) {
      int number = volumes.indexOf(volume) % 5;
      if (today.equals(BEGIN.plusDays(100 + 20 * number))) {
        volume.used = today;
        Attachment.Disk disk = new Attachment.Disk("vm1", "vda", false, keeper.host.now());
        keeper.host.attachments.add(volume.name, disk);
        keeper.host.attachments.remove(volume.name, disk);
        // The directory has the time of the real clock.
        var layout = keeper.host.registry.layout();
        Path directory = layout.attachments(layout.home(volume.name));
        FileFailures.run(
            "touch",
            directory,
            () ->
                Files.setLastModifiedTime(
                    directory, FileTime.from(today.atStartOfDay(ZoneOffset.UTC).toInstant())));
      }
    }
  }

  private void waitUntil(Instant time) {
    keeper.host.advance(Duration.between(keeper.host.now(), time));
  }

  private List<String> done() {
    return keeper.done.stream()
        .filter(event -> !event.startsWith("forgot "))
        .map(event -> event.replaceFirst("(@\\d{4}-\\d\\d-\\d\\d).*", "$1"))
        .sorted()
        .toList();
  }

  @Test
  void seven_months_leave_exactly_what_the_policies_say() throws IOException {
    make(kind -> kind.few);
    maintain(BEGIN.plusDays(215));
  }

  @NeedsTime
  @Test
  void a_year_over_fifty_volumes_leaves_exactly_what_the_policies_say() throws IOException {
    make(kind -> kind.many);
    maintain(BEGIN.plusYears(1));
    assertThat(keeper.host.registry.names()).hasSize(50);
  }

  private void maintain(LocalDate end) throws IOException {
    for (LocalDate today = BEGIN; today.isBefore(end); today = today.plusDays(1)) {
      if (!today.isBefore(OFF) && today.isBefore(OFF.plusDays(7))) {
        continue;
      }
      LocalDate night = today;
      waitUntil(night.atTime(3, 0).toInstant(ZoneOffset.UTC));
      assertThat(keeper.run().problems()).as("%s", night).isEmpty();
      assertThat(done())
          .as("%s", night)
          .isEqualTo(volumes.stream().flatMap(one -> one.night(night).stream()).sorted().toList());
      use(night);
    }

    for (Expected volume : volumes) {
      assertThat(backups(volume.name)).as("%s", volume.name).isEqualTo(volume.left());
      assertThat(snapshots(volume.name))
          .as("%s", volume.name)
          .isEqualTo(List.copyOf(volume.snapshots));
      assertThat(keeper.host.registry.layout().places().poolOf(volume.name).text())
          .as("%s", volume.name)
          .isEqualTo(volume.pool);
    }
    assertThat(volumes).extracting(one -> one.pool).contains("default", "warm", "archive");
  }

  private List<LocalDate> backups(VolumeName volume) {
    try (Repository repository = keeper.repositories.open("/backups")) {
      return repository.list(volume).backups().stream()
          .map(Backup::record)
          .map(record -> day(record.started()))
          .sorted()
          .toList();
    }
  }

  private List<LocalDate> snapshots(VolumeName volume) {
    return keeper
        .host
        .registry
        .snapshots()
        .list(
            volume,
            problem -> {
              throw problem;
            })
        .stream()
        .map(snapshot -> day(snapshot.created()))
        .toList();
  }
}
