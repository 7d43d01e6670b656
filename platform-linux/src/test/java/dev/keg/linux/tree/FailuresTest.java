package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
  @ParameterizedTest
  @CsvSource({
    Errno.EACCES + ", run it as a user who may do that",
    Errno.ENOSPC + ", free some space",
    Errno.EDQUOT + ", free some space",
    Errno.EROFS + ", remount it writable"
  })
  void an_error_with_a_remedy_has_a_hint(int errno, String hint) {
    var failure = Failures.of("write", "/data", new ErrnoException("write", "/data", errno));

    assertThat(failure.hint().orElseThrow()).startsWith(hint);
  }

  @ParameterizedTest
  @CsvSource({"" + Errno.EIO, "" + Errno.ENOENT})
  void another_error_has_none(int errno) {
    var failure = Failures.of("read", "/data", new ErrnoException("read", "/data", errno));

    assertThat(failure.hint()).isEmpty();
  }
}
