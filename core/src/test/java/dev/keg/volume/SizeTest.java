package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.InvalidInput.InvalidSize;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {
  @ParameterizedTest
  @CsvSource({
    "32,32",
    "32b,32",
    "32B,32",
    "32k,32768",
    "32K,32768",
    "32kb,32768",
    "32Kb,32768",
    "32Kib,32768",
    "32KIB,32768",
    "32Mb,33554432",
    "32Gb,34359738368",
    "32Tb,35184372088832",
    "32Pb,36028797018963968",
    "32PB,36028797018963968",
    "32P,36028797018963968",
    "32.3,32",
    "32.3 mb,33869004",
    "0.3MB,314572",
    "1e3,1000",
    "1e3k,1024000",
    "+5,5",
    ".5k,512",
    "-0,0"
  })
  void binary(String text, long bytes) {
    assertThat(Size.parseBinary(text)).isEqualTo(new Size(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "hello", ".", ". ", " ", "  ", " .", " . ", "-32", "-32b", "-32B", "-32 b", "-32 B",
        " 0", " 0b", " 0B", " 0 B", "0B ", "0 B ", "32b.", "32B.", "32 b.", "32 B.", "32 BB",
        "32 b b", "32 B B", "32  b", "32  B", " 32 ", "32m b", "32bm", "0x10", "1_000", "32e",
        "32kk", "32kbb", "32xb", "9e18k", "1e400", "NaN", "inf", "١"
      })
  void invalid(String text) {
    assertThatThrownBy(() -> Size.parseBinary(text)).isInstanceOf(InvalidSize.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello|invalid size: 'hello'",
        "-32|invalid size: '-32'",
        "32BB|invalid suffix: 'bb'",
        "32 kbyte|invalid suffix: 'kbyte'",
        "32 KByte|invalid suffix: 'KByte'",
        "32B.|strconv.ParseFloat: parsing \"32B.\": invalid syntax",
        ".|strconv.ParseFloat: parsing \".\": invalid syntax"
      })
  void messages(String text, String message) {
    assertThatThrownBy(() -> Size.parseBinary(text)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0B",
    "1,1B",
    "999,999B",
    "1000,1kB",
    "1024,1.024kB",
    "1000000,1MB",
    "1048576,1.049MB",
    "2e6,2MB",
    "3.42e9,3.42GB",
    "5.372e12,5.372TB",
    "2.22e15,2.22PB",
    "1e28,1e+04YB",
    "999999,1000kB",
    "9999500,9.999MB",
    "12345,12.35kB"
  })
  void human(double bytes, String text) {
    assertThat(Size.humanDecimal(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1024,1KiB",
    "1048576,1MiB",
    "2097152,2MiB",
    "3672197038.08,3.42GiB",
    "1267650600228229401496703205376,1.049e+06YiB"
  })
  void human_binary(double bytes, String text) {
    assertThat(Size.humanBinary(bytes)).isEqualTo(text);
  }
}
