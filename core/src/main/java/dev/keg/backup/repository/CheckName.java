package dev.keg.backup.repository;

import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.CheckState.Mark;
import dev.keg.backup.store.ObjectName;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a check's object, which tells all of it but its findings. */
record CheckName(BackupId backup, Mark mark, ObjectName object) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "checks/[^/]+/([^/]+)/(\\d{8}T\\d{6}Z)-(quick|full|deep|drill)-(good|bad)\\.json");

  static Optional<CheckName> parse(ObjectName object) {
    Matcher parts = GRAMMAR.matcher(object.text());
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      Mark mark =
          new Mark(
              Level.valueOf(parts.group(3).toUpperCase(Locale.ROOT)),
              Stamp.parse(parts.group(2)),
              parts.group(4).equals("good"));
      return Optional.of(new CheckName(new BackupId(parts.group(1)), mark, object));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether the later check says all that this one says. */
  boolean obsoleteBy(Check later) {
    return mark.level().compareTo(later.level()) <= 0 && mark.time().isBefore(later.time());
  }
}
