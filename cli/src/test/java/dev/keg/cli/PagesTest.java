package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.Page;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The commands in the documentation do what the pages say. */
class PagesTest {
  static final Path DOCS = Path.of("docs");
  private static final Path README = Path.of("..", "README.md");

  private static final String SHOWN_ROOT = "/var/lib/keg";

  /**
   * The real root, in memory. The drivers use the real kernel, which must not find a volume of this
   * machine under the same path.
   */
  private static final String ROOT = "/no/such/root";

  private static final Path GITHUB = Path.of("..", ".github");

  private static final Pattern NAMED_TEST = Pattern.compile("`([\\w*]+(?:Test|IT))`");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(DOCS);
        Stream<Path> github = Files.walk(GITHUB)) {
      return Stream.concat(Stream.of(README), Stream.concat(docs, github))
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  /** Each page is one session, on an empty registry and with a minute between its commands. */
  @TestFactory
  Stream<DynamicTest> a_session_prints_what_its_page_says() throws IOException {
    return each(
        page -> {
          MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, ROOT, Duration.ofMinutes(1));
          page.play(
              Map.of(
                  "keg", atRoot(keg),
                  "mkdir", atRoot(directories(keg.files())),
                  "touch", atRoot(files(keg.files(), 0)),
                  "truncate", atRoot(files(keg.files(), 1 << 20))));
        });
  }

  @TestFactory
  Stream<DynamicTest> commands_in_shell_blocks_exist_with_their_flags() throws IOException {
    return each(page -> shell(page).forEach(ShellCommands::check));
  }

  @Test
  void pages_have_many_commands_in_shell_blocks() throws IOException {
    long commands = 0;
    for (Path file : pages()) {
      commands += shell(Page.read(file)).mapToLong(ShellCommands::count).sum();
    }
    assertThat(commands).isGreaterThan(250);
  }

  private static Stream<String> shell(Page page) {
    return Stream.concat(page.blocks("sh").stream(), page.blocks("console").stream())
        .map(Page.Line::text);
  }

  @TestFactory
  Stream<DynamicTest> links_lead_to_a_page_and_a_heading() throws IOException {
    return pages().stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> Links.check(file)));
  }

  /** {@code SomeTest} in a page is an existing test of some module. */
  @TestFactory
  Stream<DynamicTest> tests_that_a_page_names_exist() throws IOException {
    Set<String> tests = new TreeSet<>(List.of("*Test", "*IT"));
    for (String module :
        List.of("core", "platform-linux", "platform-windows", "cli", "src-test-fixtures")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        files
            .map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
            .forEach(tests::add);
      }
    }
    return pages().stream()
        .filter(file -> file.startsWith(GITHUB))
        .map(
            file ->
                DynamicTest.dynamicTest(
                    name(file), () -> assertThat(tests).containsAll(namedTests(file))));
  }

  @Test
  void each_guarantee_names_a_test() throws IOException {
    Path page = GITHUB.resolve("GUARANTEES.md");
    List<String> guarantees =
        Files.readAllLines(page).stream()
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| ") && !line.startsWith("| never "))
            .toList();
    assertThat(guarantees)
        .hasSizeGreaterThan(40)
        .allSatisfy(line -> assertThat(NAMED_TEST.matcher(line).find()).isTrue());
  }

  private static List<String> namedTests(Path file) throws IOException {
    return NAMED_TEST
        .matcher(Files.readString(file))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** A program that maps the root's path to and from the one in the pages. */
  private static CommandRunner atRoot(CommandRunner program) {
    return invocation -> {
      Outcome outcome =
          program.run(
              new CommandRunner.Invocation(
                  invocation.arguments().stream()
                      .map(word -> word.replace(SHOWN_ROOT, ROOT))
                      .toList(),
                  invocation.input(),
                  invocation.environment()));
      return new Outcome(
          outcome.output().replace(ROOT, SHOWN_ROOT),
          outcome.errors().replace(ROOT, SHOWN_ROOT),
          outcome.exit());
    };
  }

  private interface Check {
    void on(Page page) throws Exception;
  }

  private static Stream<DynamicTest> each(Check check) throws IOException {
    return pages().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(name(file), file.toUri(), () -> check.on(Page.read(file))));
  }

  private static String name(Path file) {
    return file.toString();
  }

  /** {@code mkdir -p DIRECTORY...}. */
  private static CommandRunner directories(FileSystem files) {
    return invocation -> {
      for (String word : invocation.arguments()) {
        if (!word.startsWith("-")) {
          Files.createDirectories(files.getPath(word));
        }
      }
      return new Outcome("", "", 0);
    };
  }

  /** {@code touch FILE...} and {@code truncate -s 1M FILE...}. */
  private static CommandRunner files(FileSystem files, int size) {
    return invocation -> {
      for (String word : invocation.arguments()) {
        if (word.startsWith("/")) {
          Files.write(files.getPath(word), new byte[size]);
        }
      }
      return new Outcome("", "", 0);
    };
  }
}
