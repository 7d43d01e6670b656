package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine starts and stops many containers at the same time, each with its own connection. */
@NeedsRoot
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Tag("native")
class EnginesAtOnceIT {
  /** Java needs about a second of processor time for each. */
  private static final int CONTAINERS = BuiltProgram.isNative() ? 32 : 4;

  @RegisterExtension final MachineState machine = new MachineState();

  private String root() {
    return machine.directory().resolve("keg").toString();
  }

  /** The answers to all requests of one connection. */
  private List<String> connection(String... requests) throws Exception {
    StringBuilder sent = new StringBuilder();
    for (String request : requests) {
      String[] words = request.split(" ", 2);
      sent.append(
          "POST /VolumeDriver.%s HTTP/1.1\r\nHost: keg\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(words[0], words[1].getBytes(StandardCharsets.UTF_8).length, words[1]));
    }
    Outcome outcome =
        new ProcessRunner(
                List.of(BuiltProgram.path(), "--root", root(), "plugin"),
                BuiltProgram.ENVIRONMENT,
                Duration.ofMinutes(5))
            .run(new Invocation(List.of(), sent.toString(), Map.of()));
    assertThat(outcome.errors()).isEmpty();
    List<String> answers = new ArrayList<>();
    for (String answer : outcome.output().split("HTTP/1.1 ", -1)) {
      if (!answer.isEmpty()) {
        assertThat(answer).startsWith("200 ");
        answers.add(answer.substring(answer.indexOf("\r\n\r\n") + 4).strip());
      }
    }
    assertThat(answers).hasSize(requests.length);
    return answers;
  }

  private List<List<String>> atOnce(IntFunction<Callable<List<String>>> container)
      throws Exception {
    try (var executor = Executors.newFixedThreadPool(CONTAINERS)) {
      List<List<String>> all = new ArrayList<>();
      for (Future<List<String>> answers :
          executor.invokeAll(IntStream.range(0, CONTAINERS).mapToObj(container).toList())) {
        all.add(answers.get());
      }
      return all;
    }
  }

  private long mounts() throws Exception {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.filter(line -> line.contains(root())).count();
    }
  }

  @Test
  void all_share_one_mount_and_the_last_one_takes_it_down() throws Exception {
    // The first use of the launcher builds the program.
    assertThat(BuiltProgram.run("--version").exit()).isZero();
    String create = "Create {\"Name\":\"db\",\"Opts\":{\"driver\":\"loop\",\"size\":\"20m\"}}";
    List<List<String>> started =
        atOnce(
            number ->
                () ->
                    connection(
                        create,
                        "Create {\"Name\":\"own-%d\"}".formatted(number),
                        "Mount {\"Name\":\"db\",\"ID\":\"c%d\"}".formatted(number)));

    assertThat(started)
        .extracting(List::getLast)
        .containsOnly(
            "{\"Err\":\"\",\"Mountpoint\":\"%s/volumes/db/_data\"}"
                .formatted(Path.of(root()).toRealPath()));
    assertThat(mounts()).isEqualTo(1);
    assertThat(names()).hasSize(CONTAINERS + 1);

    atOnce(
        number ->
            () ->
                connection(
                    "Unmount {\"Name\":\"db\",\"ID\":\"c%d\"}".formatted(number),
                    "Remove {\"Name\":\"own-%d\"}".formatted(number)));
    assertThat(mounts()).isZero();
    assertThat(names()).containsExactly("db");
    connection("Remove {\"Name\":\"db\"}");
  }

  private List<String> names() throws Exception {
    return BuiltProgram.runOrCall("--root", root(), "ls", "-q").output().lines().toList();
  }
}
