package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Win32ErrorTest {
  @ParameterizedTest
  @ValueSource(ints = {0x70, 0x27, 0x50F})
  void a_full_disk_is_known_by_each_of_its_codes(int code) {
    assertThat(Win32Error.isFull(code)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0x2,        no such file or directory",
    "0x5,        access denied",
    "0x20,       in use by another program",
    "0x21,       in use by another program",
    "0x27,       no space left on the disk",
    "0x50,       file exists",
    "0x7B,       Windows does not allow such a name",
    "0xAA,       in use by another program",
    "0xB7,       file exists",
    "0xCE,       the path is too long",
    "0x10B,      not a directory",
    "0x45D,      the device reports an error",
    "0x4C3,      this machine already uses the server as another user",
    "0x4C9,      the server does not answer",
    "0x4CF,      the server cannot be reached",
    "0x50F,      the disk quota of this user is used up",
    "0x52E,      the user name or password is wrong",
    "0x532,      the password has expired",
    "0x570,      the file system is damaged",
    "0x775,      the account is disabled or locked",
    "0x70,       no space left on the disk",
    "0x522,      a required privilege is not held",
    "0xC03A000D, its parent is missing",
    "0xC03A000E, 'its parent was replaced or written'",
    "0xC03A0018, its parents form a cycle",
    "0xC03A001A, 'its file is sparse, compressed or encrypted'",
    "0x8037010E, no such machine or container",
    "0x80370114, the service is not running",
    "0x80370118, timed out",
    // An HRESULT that contains one of the plain codes.
    "0x80070005, access denied",
    "0xDEAD,     error 0xdead",
    "0x8037ABCD, error 0x8037abcd",
  })
  void a_code_becomes_words(String code, String words) {
    assertThat(Win32Error.message(Long.decode(code).intValue())).isEqualTo(words);
  }
}
