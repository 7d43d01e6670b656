package dev.keg.activity;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a device did during an interval, per second.
 *
 * @param queue the average number of pending requests
 * @param waitMillis the average duration of a request, including the time in the queue
 * @param busy the fraction of the time in which the device was busy, from 0 to 1
 */
public record Activity(
    double reads,
    double readBytes,
    double writes,
    double writtenBytes,
    OptionalDouble queue,
    OptionalDouble waitMillis,
    OptionalDouble busy) {

  static Activity between(Counters before, Counters after, Duration time) {
    double seconds = Math.max(0.001, time.toNanos() / 1e9);
    long requests = after.reads() + after.writes() - before.reads() - before.writes();
    OptionalDouble queue = part(before.waitedMillis(), after.waitedMillis(), seconds);
    return new Activity(
        (after.reads() - before.reads()) / seconds,
        (after.readBytes() - before.readBytes()) / seconds,
        (after.writes() - before.writes()) / seconds,
        (after.writtenBytes() - before.writtenBytes()) / seconds,
        queue,
        queue.stream().map(part -> requests > 0 ? part * seconds * 1000 / requests : 0).findFirst(),
        capped(part(before.busyMillis(), after.busyMillis(), seconds)));
  }

  private static OptionalDouble part(OptionalLong before, OptionalLong after, double seconds) {
    return before.isPresent() && after.isPresent()
        ? OptionalDouble.of((after.getAsLong() - before.getAsLong()) / 1000.0 / seconds)
        : OptionalDouble.empty();
  }

  // The kernel's clock is coarse, so a busy device may seem busy for longer than the interval.
  private static OptionalDouble capped(OptionalDouble part) {
    return part.isPresent() ? OptionalDouble.of(Math.min(1, part.getAsDouble())) : part;
  }
}
