package dev.keg.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class FetchTest {
  @Test
  void an_interruption_cancels_and_is_no_bug() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> Fetch.each(List.of(1, 2, 3), number -> number));
    assertThat(Thread.interrupted()).isTrue();
  }
}
