package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.store.s3.XmlParser.Element;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class XmlParserTest {
  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of("<a/>", "a()"),
        Arguments.of("<a></a>", "a()"),
        Arguments.of("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>b</a>\n", "a(b)"),
        Arguments.of("\uFEFF<a>b</a>", "a(b)"),
        Arguments.of("  \n <!-- <x> --> <a/><!-- end -->", "a()"),
        Arguments.of("<a>x &lt;&gt;&amp;&quot;&apos; y</a>", "a(x <>&\"' y)"),
        Arguments.of("<a>&#65;&#x42;&#x1F600;</a>", "a(AB\uD83D\uDE00)"),
        Arguments.of("<a><![CDATA[<b>&amp;]]></a>", "a(<b>&amp;)"),
        Arguments.of("<a x='1' y = \"<>/\"  >b</a >", "a(b)"),
        Arguments.of("<s3:a xmlns:s3=\"urn:x\"><s3:b>c</s3:b></s3:a>", "a(b(c))"),
        Arguments.of("<a><b/><!-- c --><b>2</b><d e='f'/></a>", "a(b()b(2)d())"));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void xml_of_s3_is_read(String text, String printed) throws IOException {
    assertThat(print(XmlParser.parse(text))).isEqualTo(printed);
  }

  private static String print(Element element) {
    StringBuilder text = new StringBuilder(element.name()).append('(').append(element.text());
    element.children().forEach(child -> text.append(print(child)));
    return text.append(')').toString();
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of("", "character 0: it is cut off"),
        Arguments.of("plain text", "character 0: '<' expected"),
        Arguments.of("<html>", "character 6: it is cut off"),
        Arguments.of("<a>b", "character 4: it is cut off"),
        Arguments.of("<a></b>", "character 6: <a> is not closed"),
        Arguments.of("<a/><b/>", "character 4: there is text after the document"),
        Arguments.of("<a>&nbsp;</a>", "character 9: unknown entity: &nbsp;"),
        Arguments.of("<a>&#xZ;</a>", "character 8: no character: &#xZ;"),
        Arguments.of("<a>&#99999999;</a>", "character 14: no character: &#99999999;"),
        Arguments.of("<a>b & c</a>", "character 5: '&' without ';'"),
        Arguments.of("<a b=c/>", "character 5: '\"' expected"),
        Arguments.of("<a b='c/>", "character 6: it is cut off"),
        Arguments.of("<!-- never ends", "character 0: it is cut off"),
        Arguments.of("< a/>", "character 1: a name is missing"),
        Arguments.of(
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "character 1: a name is missing"),
        Arguments.of("<a>".repeat(20), "character 48: too deep"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void what_s3_does_not_write_is_refused(String text, String message) {
    assertThatThrownBy(() -> XmlParser.parse(text))
        .isInstanceOf(XmlParser.InvalidXml.class)
        .hasMessage(message);
  }
}
