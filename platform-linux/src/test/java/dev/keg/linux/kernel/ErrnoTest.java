package dev.keg.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {
  @ParameterizedTest
  @CsvSource({
    "1, operation not permitted",
    "7, argument list too long",
    "13, permission denied",
    "27, file too large",
    "28, no space left on device",
    "122, disk quota exceeded",
    "131, state not recoverable",
  })
  void a_number_has_words(int errno, String words) {
    assertThat(Errno.message(errno)).isEqualTo(words);
  }

  @Test
  void every_number_that_linux_uses_has_words() {
    for (int errno = 1; errno <= 133; errno++) {
      boolean unused = errno == 41 || errno == 58;
      assertThat(Errno.message(errno).startsWith("errno ")).as("%d", errno).isEqualTo(unused);
    }
    assertThat(Errno.message(4711)).isEqualTo("errno 4711");
  }
}
