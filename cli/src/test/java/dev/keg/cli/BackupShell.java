package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Runs an operator's commands with one root and one repository, which the environment names.
 *
 * @param variables further environment variables of the program
 */
record BackupShell(Path root, String repository, Map<String, String> variables) {
  private static final String ID = "\\d{8}T\\d{6}Z-[0-9a-f]{8}";

  BackupShell with(String name, String value) {
    Map<String, String> more = new HashMap<>(variables);
    more.put(name, value);
    return new BackupShell(root, repository, more);
  }

  Outcome run(String... words) throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(variables);
    all.put("KEG_ROOT", root.toString());
    all.put("KEG_REPOSITORY", repository);
    // Programs that Keg starts get the variables of its process.
    return variables.isEmpty() ? BuiltProgram.runOrCall(all, words) : BuiltProgram.run(all, words);
  }

  /** The output lines of a command that must succeed. */
  List<String> keg(String... words) throws IOException, InterruptedException {
    Outcome outcome = run(words);
    assertThat(outcome.exit()).as("%s: %s", List.of(words), outcome.errors()).isZero();
    return outcome.output().lines().toList();
  }

  Path data(String volume) {
    return root.resolve("volumes").resolve(volume).resolve("_data");
  }

  void write(String volume, String file, String text) throws IOException {
    Path path = data(volume).resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** A file that cannot be compressed. */
  void writeNoise(String volume, String file, int size) throws IOException {
    byte[] noise = new byte[size];
    new Random(size).nextBytes(noise);
    Files.write(data(volume).resolve(file), noise);
  }

  /** The content of each file, or its hash if it is long. */
  Map<String, String> content(String volume) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(data(volume))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        content.put(
            data(volume).relativize(file).toString(),
            bytes.length + " bytes, " + Arrays.hashCode(bytes));
      }
    }
    return content;
  }

  /** Their ids, the oldest first. */
  List<String> backups(String volume) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>(keg("backups", "--quiet", volume));
    assertThat(ids).allMatch(id -> id.matches(ID));
    return ids;
  }

  /** The complete life cycle of backups in this repository, which must be empty. */
  void assertBackupsLive() throws IOException, InterruptedException {
    keg("create", "--label", "tier=gold", "db");
    write("db", "a", "1");
    write("db", "dir/b", "2");
    writeNoise("db", "large", 10_000_000);
    Map<String, String> first = content("db");
    String one = keg("backup", "--quiet", "--no-encryption", "db").getFirst();
    write("db", "a", "changed");
    Map<String, String> second = content("db");
    String two = keg("backup", "--quiet", "--tag", "nightly", "db").getFirst();

    assertThat(backups("db")).containsExactly(one, two);
    assertThat(keg("verify", "--all"))
        .containsExactly("db " + one + ": good (full)", "db " + two + ": good (full)");
    assertBackupsCanBeLookedInto(one, two);
    keg("restore", "--at", one, "--to", "old", "db");
    assertThat(content("old")).isEqualTo(first);
    keg("restore", "--path", "dir/b", "--to", "part", "db");
    assertThat(content("part")).containsOnlyKeys("dir/b");
    keg("forget", "--keep-last", "1");
    assertThat(backups("db")).containsExactly(two);
    assertThat(keg("verify", "--deep")).containsExactly("db " + two + ": good (deep)");
    keg("rm", "db");
    keg("restore", "db");
    assertThat(content("db")).isEqualTo(second);
    assertThat(keg("inspect", "--format", "{{.Labels.tier}}", "db")).containsExactly("gold");
  }

  private void assertBackupsCanBeLookedInto(String one, String two)
      throws IOException, InterruptedException {
    assertThat(keg("backups", "ls", "--quiet", "db@" + one)).containsExactly("a", "dir", "large");
    assertThat(keg("backups", "cat", "db@" + one + ":a", "db:dir/b")).containsExactly("12");
    assertThat(keg("backups", "diff", "--quiet", "db@" + one, two)).containsExactly("a");
    assertThat(keg("backups", "find", "--format", "{{.ID}} {{.Change}}", "db:a"))
        .containsExactly(one + " appeared", two + " changed");
  }
}
