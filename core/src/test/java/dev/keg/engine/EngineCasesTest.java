package dev.keg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.driver.FakeDriver;
import dev.keg.error.VolumeException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.lifecycle.Removal;
import dev.keg.volumeset.DataAccess;
import dev.keg.volumeset.EngineAccess;
import dev.keg.volumeset.VolumeResolver;
import dev.keg.volumeset.VolumeSets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The expectations of a plugin in the tests of docker, podman and podman's {@code testvol}. */
class EngineCasesTest {
  private final BackedHost host = new BackedHost();
  private final VolumePlugin plugin =
      new VolumePlugin(
          host.registry,
          host.volumes,
          new EngineAccess(
              host.mounting,
              new DataAccess(
                  host.mounting,
                  new VolumeSets(
                      host.mounting, new VolumeResolver(host.volumes, new SplittableRandom(1))))));

  /** A case: its name, and the requests and expected answers, line by line. */
  record EngineCase(String name, List<String> lines) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<EngineCase> cases() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(EngineCasesTest.class.getResourceAsStream("engines.txt"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n== ", -1)).skip(1).map(EngineCasesTest::parse);
    }
  }

  private static EngineCase parse(String text) {
    List<String> lines = text.lines().filter(line -> !line.isEmpty()).toList();
    return new EngineCase(lines.getFirst(), lines.subList(1, lines.size()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_plugin_answers_as_the_engine_expects(EngineCase engineCase) throws InvalidDocument {
    List<String> expected = new ArrayList<>();
    for (String line : engineCase.lines()) {
      if (line.startsWith("> ")) {
        expected.add(ask(line.substring(2)));
      } else if (line.startsWith("- rm ")) {
        host.volumes.remove(line.substring(5), Removal.Mode.NORMAL);
      } else if (line.startsWith("- fail ")) {
        host.disks.failOn(line.substring(7));
      } else {
        assertThat(expected.removeLast()).matches(pattern(line));
      }
    }
    assertThat(expected).as("requests whose answer is not compared").isEmpty();
  }

  private String ask(String request) throws InvalidDocument {
    String[] words = request.split(" ", 2);
    String endpoint = words[0].equals("Activate") ? "/Plugin." : "/VolumeDriver.";
    Map<String, Object> fields =
        words.length == 1 ? Map.of() : JsonObject.parse(words[1].getBytes(StandardCharsets.UTF_8));
    try {
      return plugin.answer(new PluginRequest(endpoint + words[0], fields)).line().strip();
    } catch (VolumeException | FakeDriver.Failed e) {
      return "! " + e.getMessage();
    }
  }

  private static Pattern pattern(String line) {
    return Pattern.compile(
        Arrays.stream(line.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
