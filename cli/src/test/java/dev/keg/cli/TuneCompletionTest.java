package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The completions for {@code keg tune}. */
class TuneCompletionTest {
  private final MemoryKeg keg = new MemoryKeg(MemoryKeg.UNIX, "/keg");

  @BeforeEach
  void a_volume() {
    assertThat(keg.run(Invocation.of("create", "db")).exit()).isZero();
  }

  private List<String> offered(String... line) {
    String[] words =
        Stream.concat(Stream.of("__complete", "--"), Stream.of(line)).toArray(String[]::new);
    return keg.run(Invocation.of(words)).output().lines().toList();
  }

  @Test
  void the_schedulers_that_the_device_of_the_volume_has() {
    assertThat(offered("tune", "db", "--scheduler", ""))
        .containsExactly("kyber", "mq-deadline", "none", ":");
    assertThat(offered("tune", "--scheduler", "")).containsExactly(":");
  }
}
