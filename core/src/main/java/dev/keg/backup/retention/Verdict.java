package dev.keg.backup.retention;

import java.util.List;

/** What becomes of one backup: it is kept for at least one reason, or forgotten for none. */
public record Verdict(RestorePoint point, List<String> reasons) {
  public Verdict {
    reasons = List.copyOf(reasons);
  }

  public boolean kept() {
    return !reasons.isEmpty();
  }
}
