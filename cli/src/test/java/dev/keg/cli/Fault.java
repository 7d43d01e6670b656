package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A fault that is planted in a root.
 *
 * @param options the options of {@code keg check} that find it
 * @param findings the expected findings, as in the table
 */
record Fault(String what, Planting planting, List<String> options, List<String> findings) {
  /** All faults, and the expected findings for each. */
  static final Map<String, List<String>> TABLE = table();

  private static final String FORMAT =
      "{{.Subject}}: {{.Problem}} | {{.Consequence}} | {{.Remedy}} | {{.State}}";
  private static final String REPAIRABLE = "(--repair) | repairable";

  /** Plants the fault. */
  @FunctionalInterface
  interface Planting {
    void in(FaultBed bed) throws Exception;
  }

  Fault {
    options = List.copyOf(options);
    findings = List.copyOf(findings);
  }

  static Fault fault(String what, Planting planting) {
    return new Fault(what, planting, List.of(), TABLE.getOrDefault(what, List.of()));
  }

  /** A fault that {@code check} finds only with these options. */
  Fault with(String... more) {
    return new Fault(what, planting, List.of(more), findings);
  }

  private static Map<String, List<String>> table() {
    Map<String, List<String>> table = new LinkedHashMap<>();
    List<String> findings = new ArrayList<>();
    for (String line : lines()) {
      if (line.startsWith("  ")) {
        findings.add(line.strip());
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        findings = new ArrayList<>();
        table.put(line, findings);
      }
    }
    return table;
  }

  private static List<String> lines() {
    try (InputStream in = Fault.class.getResourceAsStream("planted-faults.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Verifies that only this fault is found, that a repair fixes what can be repaired, and that only
   * the rest remains.
   */
  void verify(FaultBed bed) throws Exception {
    assertThat(check(bed)).as("before: nothing is wrong").isEqualTo(new Outcome("", "", 0));
    planting.in(bed);
    List<String> mounts = mounts(bed);

    assertFound(bed, findings);
    List<String> files = files(bed.root());
    List<String> left = findings.stream().filter(line -> !isRepairable(line)).toList();
    repair(bed);

    assertFound(bed, left);
    assertThat(mounts(bed)).containsAll(mounts);
    if (left.equals(findings)) {
      assertThat(files(bed.root())).isEqualTo(files);
    }
  }

  private Outcome check(FaultBed bed, String... more) {
    List<String> words = new ArrayList<>(List.of("check", "--format", FORMAT));
    words.addAll(options);
    words.addAll(List.of(more));
    return bed.keg(words.toArray(String[]::new));
  }

  // A repair does not examine images.
  private void repair(FaultBed bed) {
    Outcome outcome =
        options.contains("--deep") ? bed.keg("check", "--repair") : check(bed, "--repair");
    assertThat(outcome.errors()).doesNotContain("Error");
    assertThat(outcome.output().lines().filter(line -> line.endsWith("| repaired | repaired")))
        .hasSameSizeAs(findings.stream().filter(Fault::isRepairable).toList());
  }

  private void assertFound(FaultBed bed, List<String> findings) {
    Outcome outcome = check(bed);
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output().lines().toList())
        .zipSatisfy(findings, (line, finding) -> assertThat(line).matches(pattern(bed, finding)));
    assertThat(outcome.exit()).isEqualTo(findings.isEmpty() ? 0 : 1);
  }

  private static String pattern(FaultBed bed, String finding) {
    String text =
        finding.replace("$ROOT", "" + bed.root()).replace("$PLACE", "" + bed.root().getParent());
    return Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  private static boolean isRepairable(String finding) {
    return finding.endsWith(REPAIRABLE);
  }

  /** The current holders; a record that is no longer true is not listed as mounted. */
  private static List<String> mounts(FaultBed bed) {
    return bed.keg("mount", "--format", "{{.Source}} {{.Target}} {{.Status}}")
        .output()
        .lines()
        .filter(line -> line.endsWith(" mounted"))
        .toList();
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Override
  public String toString() {
    return what;
  }
}
