package dev.keg.health;

import dev.keg.error.VolumeException;
import java.util.Optional;

/**
 * Something that is wrong.
 *
 * @param subject the volume, the container or the path
 * @param problem what is wrong with it
 * @param consequence what happens if it stays so
 * @param remedy what the operator does, or what the repair does
 */
public record Finding(
    String subject, String problem, String consequence, String remedy, Optional<Repair> repair) {

  /** Mends it; what was mended or taken meanwhile stays as it is. */
  @FunctionalInterface
  public interface Repair {
    void run();
  }

  Finding(String subject, String problem, String consequence, String remedy) {
    this(subject, problem, consequence, remedy, Optional.empty());
  }

  /** A volume or a file that cannot be read. */
  static Finding unreadable(String subject, VolumeException problem) {
    return new Finding(
        subject,
        String.valueOf(problem.getMessage()),
        "commands skip it",
        problem.hint().orElse("restore it from a backup"));
  }

  Finding repairedBy(Repair repair) {
    return new Finding(subject, problem, consequence, remedy, Optional.of(repair));
  }

  /** Whether it is the same thing, looked at again. */
  boolean isSame(Finding other) {
    return subject.equals(other.subject) && problem.equals(other.problem);
  }
}
