package dev.keg.backup.retention;

import static java.util.Map.entry;

import dev.keg.fixtures.golden.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The result of each policy for one irregular history, as files that were checked against restic.
 */
class RetentionGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/keg/backup/retention");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  /** Times and tags; a star marks a verified backup. */
  private static final String HISTORY =
      """
      2024-02-29T23:59:59Z yearly
      2024-12-28T10:00:00Z
      2024-12-30T10:00:00Z *
      2025-01-01T00:00:00Z
      2025-03-30T01:30:00Z
      2025-03-30T02:30:00Z keep
      2025-07-04T08:00:00Z
      2025-12-31T23:30:00Z
      2026-01-01T00:30:00Z
      2026-05-31T12:00:00Z keep,prod
      2026-06-30T12:00:00Z prod
      2026-08-15T03:00:00Z
      2026-08-15T15:00:00Z
      2026-09-30T03:00:00Z
      2026-10-01T03:00:00Z
      2026-10-19T03:00:00Z
      2026-10-20T03:00:00Z *
      2026-10-31T03:00:00Z
      2026-11-01T03:00:00Z
      2026-11-08T23:59:00Z
      2026-11-09T00:01:00Z
      2026-11-14T03:00:00Z
      2026-11-15T03:00:00Z
      2026-11-16T03:00:00Z *
      2026-11-17T03:00:00Z
      2026-11-18T03:00:00Z
      2026-11-19T03:00:00Z
      2026-11-19T22:00:00Z
      2026-11-19T22:20:00Z prod
      2026-11-19T23:10:00Z
      2026-11-20T00:10:00Z
      2026-11-20T00:40:00Z
      2026-11-20T00:40:00Z keep
      2026-11-20T11:59:59Z
      """;

  static Stream<Arguments> policies() {
    Map<String, RetentionPolicy> policies =
        Map.ofEntries(
            entry("keep-all", RetentionPolicy.KEEP_ALL),
            entry("last-1", keep(Map.of(Interval.LAST, 1))),
            entry("last-5", keep(Map.of(Interval.LAST, 5))),
            entry("last-99", keep(Map.of(Interval.LAST, 99))),
            entry("hourly-6", keep(Map.of(Interval.HOURLY, 6))),
            entry("daily-7", keep(Map.of(Interval.DAILY, 7))),
            entry("daily-unlimited", keep(Map.of(Interval.DAILY, RetentionPolicy.UNLIMITED))),
            entry("weekly-5", keep(Map.of(Interval.WEEKLY, 5))),
            entry("weekly-over-new-year", keep(Map.of(Interval.WEEKLY, 99))),
            entry("monthly-4", keep(Map.of(Interval.MONTHLY, 4))),
            entry("yearly-10", keep(Map.of(Interval.YEARLY, 10))),
            entry(
                "grandfather-father-son",
                keep(Map.of(Interval.DAILY, 7, Interval.WEEKLY, 4, Interval.MONTHLY, 12))),
            entry("within-1m", new RetentionPolicy(Map.of(), Age.parse("1m"), List.of())),
            entry("within-12h", new RetentionPolicy(Map.of(), Age.parse("12h"), List.of())),
            entry(
                "within-1y2m3d4h-and-yearly-2",
                new RetentionPolicy(Map.of(Interval.YEARLY, 2), Age.parse("1y2m3d4h"), List.of())),
            entry("tag-prod", new RetentionPolicy(Map.of(), null, List.of(Set.of("prod")))),
            entry(
                "tag-keep-and-prod-or-yearly",
                new RetentionPolicy(
                    Map.of(), null, List.of(Set.of("keep", "prod"), Set.of("yearly")))),
            entry("tag-nobody-has", new RetentionPolicy(Map.of(), null, List.of(Set.of("none")))));
    return policies.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(policy -> Arguments.of(policy.getKey(), policy.getValue()));
  }

  private static RetentionPolicy keep(Map<Interval, Integer> counts) {
    return new RetentionPolicy(new EnumMap<>(counts), null, List.of());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("policies")
  void a_policy_keeps_what_its_golden_file_says(String name, RetentionPolicy policy)
      throws IOException {
    List<Verdict> verdicts = new Retention(policy, ZoneOffset.UTC).decide(history(), NOW);
    String text =
        verdicts.stream()
            .map(RetentionGoldenTest::line)
            .collect(Collectors.joining("\n", "", "\n"));
    Golden.check(GOLDEN.resolve(name + ".txt"), text);
  }

  private static String line(Verdict verdict) {
    RestorePoint point = verdict.point();
    return "%s %-11s %s".formatted(verdict.kept() ? "keep  " : "forget", point.id(), point.time())
        + (verdict.kept() ? "  " + String.join("; ", verdict.reasons()) : "");
  }

  static List<RestorePoint> history() {
    List<String> lines = HISTORY.lines().toList();
    return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
        .map(i -> point(i, lines.get(i)))
        .toList();
  }

  private static RestorePoint point(int number, String line) {
    boolean verified = line.endsWith("*");
    int space = line.indexOf(' ');
    Set<String> tags =
        space < 0 || verified ? Set.of() : Set.of(line.substring(space + 1).split(",", -1));
    return new RestorePoint(
        "%02d%s".formatted(number, verified ? "-verified" : ""),
        Instant.parse(line.substring(0, "2024-02-29T23:59:59Z".length())),
        tags,
        verified,
        false);
  }
}
