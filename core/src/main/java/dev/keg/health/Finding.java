package dev.keg.health;

import dev.keg.error.VolumeException;
import java.util.Optional;

/**
 * A problem.
 *
 * @param subject the volume, the container or the path
 * @param problem what is wrong with it
 * @param consequence what happens if it is not repaired
 * @param remedy what the operator can do, or what the repair does
 */
public record Finding(
    String subject,
    String problem,
    String consequence,
    String remedy,
    Severity severity,
    Optional<Repair> repair) {

  /** How urgent it is. */
  public enum Severity {
    /** Something is left over, or will become a problem. */
    WARNING,
    /** A volume cannot be used, or data is lost or about to be. */
    CRITICAL
  }

  /** Repairs it; does nothing if it was repaired or is in use meanwhile. */
  @FunctionalInterface
  public interface Repair {
    void run();
  }

  Finding(String subject, String problem, String consequence, String remedy) {
    this(subject, problem, consequence, remedy, Severity.WARNING, Optional.empty());
  }

  /** A volume or a file that cannot be read. */
  static Finding unreadable(String subject, VolumeException problem) {
    return new Finding(
            subject,
            String.valueOf(problem.getMessage()),
            "commands skip it",
            problem.hint().orElse("restore it from a backup"))
        .critical();
  }

  Finding critical() {
    return new Finding(subject, problem, consequence, remedy, Severity.CRITICAL, repair);
  }

  Finding repairedBy(Repair mending) {
    return new Finding(subject, problem, consequence, remedy, severity, Optional.of(mending));
  }

  /** Whether both are the same finding of two examinations. */
  boolean isSame(Finding other) {
    return subject.equals(other.subject) && problem.equals(other.problem);
  }
}
