package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class LauncherTest {
  private static final String BUILDING =
      "keg: building; this happens once and takes about a minute\n";

  @TempDir Path directory;
  Checkout checkout;

  @BeforeEach
  void check_out() throws IOException {
    checkout = new Checkout(directory);
  }

  @Test
  void the_first_use_builds_trains_and_runs() throws Exception {
    assertThat(checkout.run("ls", "-q")).isEqualTo(new Outcome("[ls][-q]", BUILDING, 0));
    assertThat(checkout.ran()).startsWith("build", "train").hasSize(3);
  }

  @Test
  void the_first_use_leaves_nothing_in_the_current_directory() throws Exception {
    checkout.run("ls");
    assertThat(checkout.trainedIn()).isEqualTo(checkout.target.resolve("training"));
    assertThat(checkout.trainedIn()).doesNotExist();
  }

  @Test
  void the_first_use_leaves_standard_input_to_the_command() throws Exception {
    var program = List.of(checkout.launcher.toString());
    var outcome = checkout.run(program, checkout.path(), "for keg", "create");
    assertThat(outcome.output()).isEqualTo("[create]for keg");
  }

  @Test
  void later_uses_start_java_with_the_cache_and_nothing_else() throws Exception {
    checkout.run("ls");
    checkout.ran();
    assertThat(checkout.run("create", "", "a b")).isEqualTo(new Outcome("[create][][a b]", "", 0));
    assertThat(checkout.ran())
        .singleElement()
        .asString()
        .startsWith("java ")
        .contains(" -XX:AOTCache=" + checkout.target.resolve("keg.aot") + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "LANG=de_DE.UTF-8, de_DE.UTF-8",
    "LANG=de_DE.UTF-8 LANGUAGE=de, de_DE.UTF-8",
    "LANG=C LC_ALL=de_DE.utf8, de_DE.utf8",
    "LC_CTYPE=en_GB.UTF-8 LC_MESSAGES=de_DE.UTF-8, en_GB.UTF-8",
    "LC_ALL=C.UTF-8 LANGUAGE=de, C.UTF-8",
    "LC_ALL=de_DE@euro, C.UTF-8",
    "LANG=, C.UTF-8"
  })
  void names_are_utf8_and_messages_of_the_system_english(String variables, String ctype)
      throws Exception {
    List<String> program = new ArrayList<>(List.of("/usr/bin/env"));
    program.addAll(List.of(variables.split(" ")));
    program.add(checkout.launcher.toString());

    checkout.run(program, checkout.path(), "", "ls");

    assertThat(checkout.locale()).isEqualTo(ctype + " C");
  }

  @Test
  void two_first_uses_at_once_build_once() throws Exception {
    Path waiting = checkout.trouble("slow");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var shell =
          List.of("sh", "-c", "\"$0\" \"$@\" 2>>\"$LOG.slow\"", checkout.launcher.toString());
      List<Future<Outcome>> uses =
          executor.invokeAll(
              List.of(
                  () -> checkout.run(shell, checkout.path(), "", "a"),
                  () -> checkout.run(shell, checkout.path(), "", "b")));
      assertThat(uses).extracting(use -> use.get().output()).containsExactly("[a]", "[b]");
    }
    assertThat(Files.readString(waiting)).contains("waiting for a build");
    assertThat(checkout.ran()).containsOnlyOnce("build", "train");
  }

  @Test
  void the_jar_of_an_interrupted_build_is_built_again() throws Exception {
    checkout.old(0, "keg-cli.jar", "ha");
    assertThat(checkout.run("ls")).isEqualTo(new Outcome("[ls]", BUILDING, 0));
    assertThat(checkout.ran()).startsWith("train", "build", "train");
  }

  @Test
  void a_jar_that_maven_made_is_only_trained() throws Exception {
    checkout.old(0, "keg-cli.jar", "whole");
    assertThat(checkout.run("ls")).isEqualTo(new Outcome("[ls]", "", 0));
    assertThat(checkout.ran()).startsWith("train").hasSize(2);
  }

  @Test
  void a_jar_newer_than_the_cache_is_trained_again() throws Exception {
    checkout.run("ls");
    checkout.old(1, "keg.aot", "cache");
    checkout.old(0, "keg-cli.jar", "whole, and new");
    checkout.ran();
    checkout.run("ls");
    assertThat(checkout.ran()).startsWith("train").hasSize(2);
  }

  @Test
  void a_jar_with_a_new_library_is_trained_again() throws Exception {
    checkout.run("ls");
    checkout.old(1, "keg.aot", "cache");
    checkout.old(0, "lib/core.jar", "new");
    checkout.ran();
    checkout.run("ls");
    assertThat(checkout.ran()).startsWith("train").hasSize(2);
  }

  @Test
  void a_jar_that_was_made_again_with_the_same_classes_is_not_trained() throws Exception {
    checkout.run("ls");
    checkout.old(1, "keg.aot", "cache");
    checkout.ran();
    for (int use = 0; use < 2; use++) {
      assertThat(checkout.run("ls")).isEqualTo(new Outcome("[ls]", "", 0));
    }
    assertThat(checkout.ran()).hasSize(2).allMatch(line -> line.contains(" -XX:AOTCache="));
    assertThat(Files.getLastModifiedTime(checkout.target.resolve("keg.aot")).toInstant())
        .isAfter(Instant.parse("2025-06-01T00:00:00Z"));
  }

  @Test
  void a_cache_that_cannot_be_made_is_not_tried_each_time() throws Exception {
    checkout.trouble("untrainable");
    assertThat(checkout.run("ls").errors()).contains("keg: there will be no AOT cache");
    assertThat(checkout.run("ls")).isEqualTo(new Outcome("[ls]", "", 0));
  }

  @Test
  void a_build_that_fails_shows_why_and_is_tried_again() throws Exception {
    Path broken = checkout.trouble("broken");
    var outcome = checkout.run("ls");
    assertThat(outcome.errors()).contains("maven says why\nkeg: the build failed\nHint: see above");
    assertThat(outcome.exit()).isEqualTo(1);
    Files.delete(broken);
    assertThat(checkout.run("ls").output()).isEqualTo("[ls]");
  }

  @Test
  void without_maven_it_says_what_to_install() throws Exception {
    Files.delete(checkout.bin.resolve("mvn"));
    for (var tool : List.of("sed", "readlink", "mkdir", "rm", "flock")) {
      Files.createSymbolicLink(checkout.bin.resolve(tool), Path.of("/usr/bin", tool));
    }
    var program = List.of("/bin/sh", checkout.launcher.toString());
    assertThat(checkout.run(program, checkout.bin.toString(), "", "ls"))
        .isEqualTo(
            new Outcome(
                "",
                """
                keg: Keg is not built, and there is no Maven to build it
                Hint: install it (maven)
                """,
                1));
  }

  @Test
  void the_native_binary_runs_where_it_is_newer_than_the_jar() throws Exception {
    checkout.run("ls");
    checkout.old(-1, "keg", "#!/bin/sh\necho native \"$@\"\n");
    assertThat(checkout.run("ls").output()).isEqualTo("native ls\n");
    checkout.old(1, "keg", "#!/bin/sh\necho native \"$@\"\n");
    assertThat(checkout.run("ls").output()).isEqualTo("[ls]");
  }

  @Test
  void it_finds_itself_through_links() throws Exception {
    Files.createSymbolicLink(checkout.bin.resolve("keg"), Path.of("other"));
    Files.createSymbolicLink(checkout.bin.resolve("other"), Path.of("../check out/cli/keg"));
    var program = List.of("/bin/sh", "-c", "exec keg \"$@\"", "sh");
    var outcome = checkout.run(program, checkout.path(), "", "ls");
    assertThat(outcome.output()).isEqualTo("[ls]");
  }

  /** Java does not load libraries from a relative path. */
  @Test
  void run_from_its_own_directory_it_names_its_libraries_in_full() throws Exception {
    var program =
        List.of("/bin/sh", "-c", "cd \"$0\" && exec ./keg \"$@\"", checkout.cli.toString());
    assertThat(checkout.run(program, checkout.path(), "", "ls").output()).isEqualTo("[ls]");
    assertThat(checkout.ran())
        .last()
        .asString()
        .contains("Path=" + checkout.cli + "/")
        .doesNotContain("=./", "=target");
  }

  /** Java would run the old classes in it: the cache checks the sizes of jars, not their times. */
  @Test
  void where_it_cannot_write_it_runs_without_an_old_cache() throws Exception {
    checkout.old(0, "keg-cli.jar", "whole");
    checkout.old(1, "keg.aot", "of an older jar");
    checkout.protect();
    assertThat(checkout.run(checkout.asNobody(), checkout.path(), "", "ls").output())
        .isEqualTo("[ls]");
    assertThat(checkout.ran()).singleElement().asString().doesNotContain("AOTCache");
  }
}
