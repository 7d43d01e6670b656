package dev.keg.windows.win32.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          O:BAG:SYD:AI(A;ID;FA;;;SY)                         | false | O:BAG:SYD:ARAI(A;ID;FA;;;SY)
          D:PAI(A;;FA;;;SY)                                  | false | D:PARAI(A;;FA;;;SY)
          D:(A;;FA;;;SY)S:AI(AU;SA;FA;;;WD)                  | true  | D:(A;;FA;;;SY)S:ARAI(AU;SA;FA;;;WD)
          O:PSS:ARAI(AU;SA;FA;;;WD)                          | true  | O:PSS:ARAI(AU;SA;FA;;;WD)
          D:(XA;;FA;;;WD;(@User.x == "S:AI)"))               | false | D:(XA;;FA;;;WD;(@User.x == "S:AI)"))
          """)
  void which_lists_there_are_and_that_they_were_inherited(
      String text, boolean audits, String requested) {
    DescriptorText descriptor = new DescriptorText(text);

    assertThat(descriptor.audits()).isEqualTo(audits);
    assertThat(descriptor.requestingInheritance()).isEqualTo(requested);
  }
}
