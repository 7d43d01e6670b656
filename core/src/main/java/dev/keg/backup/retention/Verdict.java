package dev.keg.backup.retention;

import java.util.List;

/** The verdict on one backup: it is kept if there is a reason, and otherwise forgotten. */
public record Verdict(RestorePoint point, List<String> reasons) {
  public Verdict {
    reasons = List.copyOf(reasons);
  }

  public boolean kept() {
    return !reasons.isEmpty();
  }
}
