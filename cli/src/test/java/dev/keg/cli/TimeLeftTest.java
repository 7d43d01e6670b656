package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Progress includes the total amount of work, also if only the work itself can determine it. */
class TimeLeftTest {
  private static final int SIZE = 1 << 20;

  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");

  private String errorsOf(String line) {
    Outcome outcome = keg.run(new Invocation(Arrays.asList(line.split(" ")), "", Map.of()));
    assertThat(outcome.exit()).as("%s: %s", line, outcome.errors()).isZero();
    return outcome.errors();
  }

  @BeforeEach
  void volumes() throws IOException {
    errorsOf("create db");
    errorsOf("create copy");
    Files.write(keg.files().getPath("/keg/volumes/db/_data/table"), new byte[SIZE]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "tar.gz", "tar.zst"})
  void of_an_archive(String format) {
    errorsOf("export db -o /db." + format);

    String expected = "\"Bytes\":%d,\"ExpectedBytes\":%<d,\"Files\":1".formatted(SIZE);
    assertThat(errorsOf("import --progress json copy /db." + format)).contains(expected);
    assertThat(errorsOf("create --progress json --from /db." + format + " new")).contains(expected);
  }

  @Test
  void of_a_volume_that_is_removed() {
    assertThat(errorsOf("rm --progress json db")).containsPattern("\"ExpectedBytes\":10\\d{5},");
  }
}
