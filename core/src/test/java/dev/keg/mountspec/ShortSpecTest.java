package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortSpecTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"/path", "/path/foo", "C:\\path", "Z:\\path\\foo", ".", "/a", "x:", "a:/b"})
  void text_without_a_colon_is_the_target(String spec) {
    assertThat(ShortSpec.parse(spec)).isEqualTo(new ShortSpec("", spec, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ./foo:/target                  | ./foo          | /target               |
          ~/thing:/target                | ~/thing        | /target               |
          ../other:/target               | ../other       | /target               |
          /foo:/target                   | /foo           | /target               |
          /home/user:/target             | /home/user     | /target               |
          D:\\path:d:\\target            | D:\\path       | d:\\target            |
          ./foo:d:\\target               | ./foo          | d:\\target            |
          /source:/target:slave          | /source        | /target               | slave
          C:\\source\\foo:D:\\target:ro,rprivate | C:\\source\\foo | D:\\target  | ro,rprivate
          ./foo:/target:rw               | ./foo          | /target               | rw
          \\\\.\\pipe\\docker_engine:\\\\.\\pipe\\inside | \\\\.\\pipe\\docker_engine | \\\\.\\pipe\\inside |
          """)
  void a_source_that_looks_like_a_path_is_one(
      String spec, String source, String target, String mode) {
    ShortSpec parsed = ShortSpec.parse(spec);

    assertThat(parsed).isEqualTo(new ShortSpec(source, target, mode == null ? "" : mode));
    assertThat(parsed.hasPath()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name:/target:bogus  | name | /target | bogus
          name:/target:nocopy | name | /target | nocopy
          name:/target        | name | /target |
          n2:d:               | n2   | d:      |
          """)
  void any_other_source_is_a_name(String spec, String source, String target, String mode) {
    ShortSpec parsed = ShortSpec.parse(spec);

    assertThat(parsed).isEqualTo(new ShortSpec(source, target, mode == null ? "" : mode));
    assertThat(parsed.hasPath()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"a界,false", "1,false", "c,false", "'',false", "x:,true", ".,true", "é:x,true"})
  void a_path_begins_like_one(String source, boolean path) {
    assertThat(ShortSpec.isPath(source)).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                | invalid empty volume spec
          :foo              | invalid spec: :foo: empty section between colons
          /foo::ro          | invalid spec: /foo::ro: empty section between colons
          :/vol             | invalid spec: :/vol: empty section between colons
          /foo::rw          | invalid spec: /foo::rw: empty section between colons
          /foo:/foo:ro:     | invalid spec: /foo:/foo:ro:: too many colons
          /foo:/foo:ro:foo  | invalid spec: /foo:/foo:ro:foo: too many colons
          """)
  void what_cannot_be_cut_is_refused(String spec, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> ShortSpec.parse(spec))
        .withMessageEndingWith(message);
  }
}
