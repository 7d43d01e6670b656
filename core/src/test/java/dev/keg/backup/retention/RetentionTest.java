package dev.keg.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @Test
  void no_backups_make_no_verdicts() {
    assertThat(decide(last(3))).isEmpty();
  }

  @Test
  void an_empty_policy_keeps_everything() {
    assertThat(decide(RetentionPolicy.KEEP_ALL, point("a", "2020-01-01T00:00:00Z")))
        .allMatch(Verdict::kept);
  }

  @Test
  void the_newest_verified_backup_is_kept_whatever_the_policy_says() {
    RestorePoint verified = verified("old", "2020-01-01T00:00:00Z");
    RestorePoint olderVerified = verified("older", "2019-01-01T00:00:00Z");
    List<Verdict> verdicts =
        decide(last(1), point("new", "2026-11-20T00:00:00Z"), verified, olderVerified);

    assertThat(verdicts)
        .containsExactly(
            new Verdict(point("new", "2026-11-20T00:00:00Z"), List.of("last")),
            new Verdict(verified, List.of("newest verified backup")),
            new Verdict(olderVerified, List.of()));
  }

  @Test
  void what_a_volume_was_archived_in_is_kept_whatever_the_policy_says() {
    RestorePoint archived =
        new RestorePoint(
            "old",
            Instant.parse("2020-01-01T00:00:00Z"),
            Set.of(RestorePoint.ARCHIVED),
            false,
            false);
    assertThat(decide(last(1), archived, point("new", "2024-01-01T00:00:00Z")))
        .allMatch(Verdict::kept);
  }

  @Test
  void the_newest_drilled_backup_is_kept_beside_a_newer_verified_one() {
    RestorePoint drilled =
        new RestorePoint("drilled", Instant.parse("2020-01-01T00:00:00Z"), Set.of(), true, true);
    RestorePoint verified = verified("verified", "2023-01-01T00:00:00Z");
    assertThat(decide(last(1), drilled, verified, point("new", "2024-01-01T00:00:00Z")))
        .extracting(Verdict::reasons)
        .containsExactly(
            List.of("last"), List.of("newest verified backup"), List.of("newest drilled backup"));
  }

  @Test
  void the_newest_backup_is_kept_whatever_the_policy_says() {
    RetentionPolicy policy = new RetentionPolicy(Map.of(), null, List.of(Set.of("no-such-tag")));
    List<Verdict> verdicts =
        decide(policy, point("new", "2026-11-20T00:00:00Z"), point("old", "2026-11-19T00:00:00Z"));

    assertThat(verdicts)
        .extracting(Verdict::reasons)
        .containsExactly(List.of("newest backup"), List.of());
  }

  @Test
  void a_backup_that_is_both_the_newest_and_the_newest_verified_is_kept_once() {
    RetentionPolicy policy = new RetentionPolicy(Map.of(), null, List.of(Set.of("no-such-tag")));
    RestorePoint newest = verified("new", "2026-11-20T00:00:00Z");

    assertThat(decide(policy, newest))
        .containsExactly(new Verdict(newest, List.of("newest backup")));
  }

  @Test
  void a_backup_from_the_future_does_not_age_the_others() {
    RetentionPolicy policy = new RetentionPolicy(Map.of(), Age.parse("1d"), List.of());
    List<Verdict> verdicts =
        decide(
            policy,
            point("future", "2030-01-01T00:00:00Z"),
            point("today", "2026-11-20T00:00:00Z"),
            point("last-week", "2026-11-13T00:00:00Z"));

    assertThat(verdicts).extracting(Verdict::kept).containsExactly(true, true, false);
  }

  @Test
  void a_backup_from_the_future_takes_no_place_of_a_real_one() {
    RetentionPolicy policy = new RetentionPolicy(Map.of(Interval.LAST, 1), null, List.of());
    List<Verdict> verdicts =
        decide(
            policy,
            point("future", "2030-01-01T00:00:00Z"),
            point("today", "2026-11-20T00:00:00Z"),
            point("last-week", "2026-11-13T00:00:00Z"));

    assertThat(verdicts).extracting(Verdict::kept).containsExactly(true, true, false);
  }

  @Test
  void a_day_begins_where_the_operator_lives() {
    RestorePoint evening = point("evening", "2026-11-18T22:30:00Z");
    RestorePoint night = point("night", "2026-11-18T23:30:00Z");
    RestorePoint old = point("old", "2026-11-01T00:00:00Z");
    RetentionPolicy policy = new RetentionPolicy(Map.of(Interval.DAILY, 2), null, List.of());
    List<RestorePoint> points = List.of(evening, night, old);

    assertThat(new Retention(policy, ZoneOffset.UTC).decide(points, NOW))
        .extracting(Verdict::kept)
        .containsExactly(true, false, true);
    assertThat(new Retention(policy, ZoneId.of("Europe/Berlin")).decide(points, NOW))
        .extracting(Verdict::kept)
        .containsExactly(true, true, false);
  }

  @ParameterizedTest
  @EnumSource(Interval.class)
  void unlimited_keeps_one_of_every_stretch(Interval interval) {
    RetentionPolicy unlimited =
        new RetentionPolicy(Map.of(interval, RetentionPolicy.UNLIMITED), null, List.of());
    RetentionPolicy huge = new RetentionPolicy(Map.of(interval, 1_000_000), null, List.of());

    assertThat(decide(unlimited, RetentionGoldenTest.history().toArray(RestorePoint[]::new)))
        .isEqualTo(decide(huge, RetentionGoldenTest.history().toArray(RestorePoint[]::new)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void the_order_in_which_backups_are_listed_does_not_matter(long seed) {
    RetentionPolicy policy =
        new RetentionPolicy(
            new EnumMap<>(Map.of(Interval.DAILY, 7, Interval.MONTHLY, 3)), null, List.of());
    List<RestorePoint> shuffled = new ArrayList<>(RetentionGoldenTest.history());
    Collections.shuffle(shuffled, new Random(seed));
    Retention retention = new Retention(policy, ZoneOffset.UTC);

    assertThat(retention.decide(shuffled, NOW))
        .isEqualTo(retention.decide(RetentionGoldenTest.history(), NOW));
  }

  @Test
  void a_second_run_forgets_nothing_more_while_the_counters_last() {
    Retention retention =
        new Retention(
            new RetentionPolicy(
                Map.of(Interval.DAILY, 7, Interval.WEEKLY, 4, Interval.MONTHLY, 12),
                null,
                List.of()),
            ZoneOffset.UTC);
    List<RestorePoint> kept = kept(retention.decide(RetentionGoldenTest.history(), NOW));

    assertThat(kept(retention.decide(kept, NOW))).isEqualTo(kept);
  }

  private static List<RestorePoint> kept(List<Verdict> verdicts) {
    return verdicts.stream().filter(Verdict::kept).map(Verdict::point).toList();
  }

  private static List<Verdict> decide(RetentionPolicy policy, RestorePoint... points) {
    return new Retention(policy, ZoneOffset.UTC).decide(List.of(points), NOW);
  }

  private static RetentionPolicy last(int count) {
    return new RetentionPolicy(Map.of(Interval.LAST, count), null, List.of());
  }

  private static RestorePoint point(String id, String time) {
    return new RestorePoint(id, Instant.parse(time), Set.of(), false, false);
  }

  private static RestorePoint verified(String id, String time) {
    return new RestorePoint(id, Instant.parse(time), Set.of(), true, false);
  }
}
