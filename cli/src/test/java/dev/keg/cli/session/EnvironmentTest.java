package dev.keg.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.platform.Platforms;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  @ParameterizedTest
  @CsvSource({
    "/keg,  /data, /home/anna, /keg",
    "keg,   /data, /home/anna, keg",
    "'',    /data, /home/anna, /data/keg",
    "'',    data,  /home/anna, /home/anna/.local/share/keg",
    "'',    '',    /home/anna, /home/anna/.local/share/keg",
    "'',    '',    '',         /.local/share/keg",
  })
  void a_variable_that_is_empty_chooses_no_root(
      String root, String data, String home, String expected) {
    Environment environment =
        environment(Map.of("KEG_ROOT", root, "XDG_DATA_HOME", data, "HOME", home));

    assertThat(environment.defaultRoot().toString()).isEqualTo(expected);
  }

  private static Environment environment(Map<String, String> variables) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Environment(
        variables,
        Jimfs.newFileSystem(Configuration.unix()),
        Clock.systemUTC(),
        new SplittableRandom(1),
        new Streams(new ByteArrayInputStream(new byte[0]), nowhere, nowhere),
        () -> Platforms.on(""));
  }
}
