package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.completion.CompletionScript;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion scripts in the shells that they are for. */
class CompletionIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String CASES =
      """
      keg re                             | registry rename render repo report resize restore
      keg rm --f                         | --force
      keg rm we                          | web1 web2
      keg rm web1 we                     | web2
      keg inspect --format js            | json
      keg create -d lo                   | local loop
      keg create --driver lo             | local loop
      keg prune --filter lab             | label!= label=
      keg update --label-rm e            | env
      keg completion z                   | zsh
      keg rm "we                         | web1 web2
      keg restore --from "/x" --skip     | --skip-damaged
      """;

  @TempDir private static Path directory;
  private static Map<String, String> environment = Map.of();

  @BeforeAll
  static void two_volumes_and_a_keg_in_the_path() throws Exception {
    Path keg = directory.resolve("bin/keg");
    Files.createDirectories(keg.getParent());
    Files.createSymbolicLink(keg, Path.of(BuiltProgram.path()));
    for (CompletionScript script : CompletionScript.values()) {
      Files.writeString(script(script), script.text());
    }
    environment =
        Map.of(
            "PATH",
            keg.getParent() + ":/usr/bin:/bin",
            "JAVA_HOME",
            System.getProperty("java.home"),
            "HOME",
            directory.toString(),
            "TERM",
            "dumb",
            "KEG_ROOT",
            directory.resolve("root").toString());
    run(List.of(keg.toString()), "create", "web1", "--label", "env=prod");
    run(List.of(keg.toString()), "create", "web2");
  }

  private static String run(List<String> program, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = new ProcessRunner(program, environment, LIMIT).run(Invocation.of(arguments));
    assertThat(outcome.exit()).as("%s%s", outcome.output(), outcome.errors()).isZero();
    return outcome.output();
  }

  private static Path script(CompletionScript script) {
    return directory.resolve("script." + script.shell());
  }

  private static String shell(String name) {
    return Path.of("src", "test", "shell", name).toAbsolutePath().toString();
  }

  private static String words(String lines) {
    return String.join(" ", lines.lines().map(String::strip).sorted().toList());
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @NeedsTool(value = "bash", from = "bash")
  @CsvSource(delimiter = '|', textBlock = CASES)
  void bash_offers(String line, String expected) throws Exception {
    List<String> words =
        new ArrayList<>(List.of(shell("complete.bash"), script(CompletionScript.BASH).toString()));
    words.addAll(Arrays.asList(line.split(" ")));

    String offered = run(List.of("bash", "--norc", "--noprofile"), words.toArray(String[]::new));

    assertThat(words(offered.replace("\\!", "!"))).isEqualTo(expected);
  }

  @Test
  @NeedsTool(value = "bash", from = "bash")
  void bash_offers_only_what_readline_replaces() throws Exception {
    assertThat(
            words(
                run(
                    List.of("bash", "--norc", "--noprofile"),
                    shell("complete.bash"),
                    script(CompletionScript.BASH).toString(),
                    "keg",
                    "ls",
                    "--filter",
                    "label=env=")))
        .isEqualTo("prod");
  }

  /** The line is printed by echo between single quotes, which are therefore removed. */
  @ParameterizedTest
  @NeedsTool(value = "expect", from = "expect")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "keg rena                | keg rename",
        "keg rm \"web1            | keg rm \"web1\"",
        "keg ls --format '{{.Na  | keg ls --format {{.Name}}",
        "keg mount web1 /etc/os-r | keg mount web1 /etc/os-release",
      })
  void a_tab_in_a_real_bash_completes_the_line(String line, String completed) throws Exception {
    assertThat(
            run(
                    List.of("expect"),
                    shell("complete.exp"),
                    script(CompletionScript.BASH).toString(),
                    line)
                .strip())
        .isEqualTo(completed);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @NeedsTool(value = "zsh", from = "zsh")
  @CsvSource(delimiter = '|', textBlock = CASES)
  void zsh_offers(String line, String expected) throws Exception {
    String offered =
        run(
            List.of("zsh", "-f"),
            shell("complete.zsh"),
            script(CompletionScript.ZSH).toString(),
            line);

    assertThat(words(offered.replace("\\!", "!"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @NeedsTool(value = "fish", from = "fish")
  @CsvSource(delimiter = '|', textBlock = CASES)
  void fish_offers(String line, String expected) throws Exception {
    String offered =
        run(
            List.of("fish", "--no-config"),
            "-c",
            "source '%s'; complete -C '%s'".formatted(script(CompletionScript.FISH), line));

    assertThat(words(offered.replaceAll("(?m)\\t.*$", ""))).isEqualTo(expected);
  }
}
