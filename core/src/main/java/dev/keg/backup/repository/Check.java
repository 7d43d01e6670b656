package dev.keg.backup.repository;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a verification found.
 *
 * @param time when it ended, to the second
 * @param findings what is wrong, in words; nothing is wrong where it is empty
 */
public record Check(CheckLevel level, Instant time, List<String> findings) {
  public Check {
    time = time.truncatedTo(ChronoUnit.SECONDS);
    findings = List.copyOf(findings);
  }

  public boolean good() {
    return findings.isEmpty();
  }
}
