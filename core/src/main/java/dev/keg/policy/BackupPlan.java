package dev.keg.policy;

import dev.keg.backup.retention.Age;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.writer.Supervisor;
import dev.keg.error.InvalidInput.InvalidPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How a volume is backed up automatically. */
record BackupPlan(
    List<String> to,
    Age every,
    RetentionPolicy keep,
    Optional<Age> verify,
    Optional<Age> drill,
    Optional<Duration> freeze,
    List<String> exclude,
    Optional<String> pre,
    Optional<String> post,
    Optional<Supervisor> stopWith) {
  BackupPlan {
    to = List.copyOf(to);
    exclude = List.copyOf(exclude);
  }

  /** Empty if the volume is not backed up automatically. */
  static Optional<BackupPlan> of(VolumePolicy policy) {
    List<String> to = list(policy.value(PolicyKey.TO).orElse(""));
    if (to.isEmpty()) {
      return Optional.empty();
    }
    Age every =
        policy
            .parse(PolicyKey.EVERY, Age::parse)
            .orElseThrow(
                () ->
                    new InvalidPolicy(
                        "%s: backup.to without backup.every".formatted(policy.volume().name()),
                        "backup.every says how often, for example 1d"));
    return Optional.of(
        new BackupPlan(
            to,
            every,
            policy.parse(PolicyKey.KEEP, RetentionPolicy::parse).orElse(RetentionPolicy.KEEP_ALL),
            policy.parse(PolicyKey.VERIFY, Age::parse),
            policy.parse(PolicyKey.DRILL, Age::parse),
            policy.parse(PolicyKey.FREEZE, BackupPlan::freeze).flatMap(Function.identity()),
            list(policy.value(PolicyKey.EXCLUDE).orElse("")),
            policy.value(PolicyKey.PRE),
            policy.value(PolicyKey.POST),
            policy.parse(PolicyKey.STOP_WITH, BackupPlan::supervisor)));
  }

  static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static Optional<Duration> freeze(String text) {
    if (text.matches("0*[1-9]\\d{0,5}s")) {
      return Optional.of(
          Duration.ofSeconds(Integer.parseInt(text.substring(0, text.length() - 1))));
    }
    return switch (text) {
      case "true" -> Optional.of(SaveRequest.FREEZE_LIMIT);
      case "false" -> Optional.empty();
      default ->
          throw new InvalidPolicy(
              "'%s' is not true, false or seconds".formatted(text), "such as 30s");
    };
  }

  private static Supervisor supervisor(String text) {
    return Arrays.stream(Supervisor.values())
        .filter(supervisor -> supervisor.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidPolicy(
                    "'%s' cannot stop programs".formatted(text), "use docker, podman or systemd"));
  }

  /** The same for some of its repositories. */
  BackupPlan only(List<String> locations) {
    return new BackupPlan(
        locations, every, keep, verify, drill, freeze, exclude, pre, post, stopWith);
  }
}
