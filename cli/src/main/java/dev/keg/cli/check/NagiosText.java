package dev.keg.cli.check;

import dev.keg.cli.output.table.VisibleText;
import dev.keg.error.VolumeException;
import dev.keg.health.Finding.Severity;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Findings for Nagios and compatible programs: an overview line with performance data, then a line
 * for each finding; the exit status is that of the worst one.
 *
 * <pre>
 * KEG CRITICAL - db: /var/lib/keg/volumes/db/_data is missing, and 1 more | findings=2
 * db: /var/lib/keg/volumes/db/_data is missing (put it back, or: keg restore --replace db)
 * web: was left by a drill that was killed (keg rm web)
 * </pre>
 */
record NagiosText(Status worst, List<String> lines) {
  /** The states of a plugin, by exit status. */
  enum Status {
    OK(0),
    WARNING(1),
    CRITICAL(2),
    UNKNOWN(3);

    private final int number;

    Status(int number) {
      this.number = number;
    }
  }

  static NagiosText of(List<FindingRow> rows, List<VolumeException> failures) {
    boolean critical = rows.stream().anyMatch(row -> row.finding().severity() == Severity.CRITICAL);
    Status found = critical ? Status.CRITICAL : rows.isEmpty() ? Status.OK : Status.WARNING;
    // The overview shows the first finding.
    List<String> lines =
        Stream.concat(
                Stream.of(Severity.CRITICAL, Severity.WARNING)
                    .flatMap(
                        severity ->
                            rows.stream().filter(row -> row.finding().severity() == severity))
                    .map(
                        row ->
                            "%s: %s".formatted(row.finding().subject(), row.finding().problem())),
                failures.stream().map(failure -> String.valueOf(failure.getMessage())))
            .toList();
    return new NagiosText(
        found == Status.OK && !failures.isEmpty() ? Status.UNKNOWN : found, lines);
  }

  int status() {
    return worst.number;
  }

  String text() {
    String summary =
        switch (lines.size()) {
          case 0 -> "nothing is wrong";
          case 1 -> lines.getFirst();
          default -> "%s, and %d more".formatted(lines.getFirst(), lines.size() - 1);
        };
    String details =
        lines.size() < 2
            ? ""
            : lines.stream().map(line -> plain(line) + "\n").collect(Collectors.joining());
    return "KEG %s - %s | findings=%d\n%s".formatted(worst, plain(summary), lines.size(), details);
  }

  // Text after a bar is performance data.
  private static String plain(String line) {
    return VisibleText.line(line).replace('|', '/');
  }
}
