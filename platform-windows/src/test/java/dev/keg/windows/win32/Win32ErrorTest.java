package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Win32ErrorTest {
  @ParameterizedTest
  @CsvSource({
    "0x2,        no such file or directory",
    "0x5,        access denied",
    "0x20,       in use by another program",
    "0x50,       file exists",
    "0x70,       no space left on the disk",
    "0x522,      a required privilege is not held",
    "0xC03A000D, its parent is missing",
    "0xC03A000E, 'its parent was replaced or written'",
    "0xC03A0018, its parents form a cycle",
    "0xC03A001A, 'its file is sparse, compressed or encrypted'",
    "0x8037010E, no such machine or container",
    "0x80370118, timed out",
    // An HRESULT that carries one of the plain codes.
    "0x80070005, access denied",
    "0xDEAD,     error 0xdead",
    "0x8037ABCD, error 0x8037abcd",
  })
  void a_code_is_told_in_words(String code, String words) {
    assertThat(Win32Error.message(Long.decode(code).intValue())).isEqualTo(words);
  }
}
