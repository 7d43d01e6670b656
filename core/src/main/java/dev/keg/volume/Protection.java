package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidTime;
import java.time.Clock;
import java.time.Instant;

/** Whether the operator protects a volume's data from accidental removal. */
public sealed interface Protection {
  /** Not protected. */
  record None() implements Protection {}

  /** Until it is removed. */
  record Always() implements Protection {}

  /** Until a point in time. */
  record Until(Instant end) implements Protection {}

  static Protection none() {
    return new None();
  }

  static Protection always() {
    return new Always();
  }

  /** Parses the result of {@link #text}. */
  static Protection parse(String text) {
    return switch (text) {
      case "" -> none();
      case "always" -> always();
      default -> new Until(Instant.parse(text));
    };
  }

  /** Until a future time that the operator wrote. */
  static Protection until(String text, Clock clock) {
    return Moment.parse(text, clock)
        .filter(end -> end.isAfter(clock.instant()))
        .<Protection>map(Until::new)
        .orElseThrow(
            () ->
                new InvalidTime(
                    "invalid time '" + text + "': not a time in the future",
                    "write 2027-01-31 or 2027-01-31T10:00:00Z"));
  }

  /** Empty without protection, {@code always}, or its end. */
  default String text() {
    return switch (this) {
      case None _ -> "";
      case Always _ -> "always";
      case Until(Instant end) -> end.toString();
    };
  }

  /** This one or the other, whichever ends later. */
  default Protection longer(Protection other) {
    return switch (other) {
      case None _ -> this;
      case Always _ -> other;
      case Until(Instant end) -> holdsAt(end) ? this : other;
    };
  }

  default boolean holdsAt(Instant now) {
    return switch (this) {
      case None _ -> false;
      case Always _ -> true;
      case Until(Instant end) -> now.isBefore(end);
    };
  }
}
