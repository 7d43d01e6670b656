package dev.keg.driver.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalOptionsTest {
  private static final DriverContext CONTEXT =
      new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {});

  private static void validate(DriverFactory factory, String text) {
    Map<String, String> values = new TreeMap<>();
    for (String option : text.isEmpty() ? new String[0] : text.split(" ")) {
      int equals = option.indexOf('=');
      values.put(
          equals < 0 ? option : option.substring(0, equals),
          equals < 0 ? "" : option.substring(equals + 1));
    }
    factory
        .open(CONTEXT)
        .validate(DriverOptions.of(new VolumeName("vol"), Options.of(values), factory.options()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "type=foo device=foo",
        "type=foo device=foo o=foo",
        "type= device=",
        "type=cifs device=//some.example.com/thepath o=foo",
        "type=cifs device=//some.example.com:/thepath",
        "type=cifs device=//user@[2001:db8::68]/thepath",
        "type=cifs device=//1.2.3.4/a%20b",
        "type=cifs device=share",
        "type=nfs device=:/exports",
        "type=nfs device=//example.com:2049/exports",
        "size=0",
        "size=0k",
        "uid=1000 gid=0 mode=2750"
      })
  void accepts(String options) {
    assertThatCode(() -> validate(LocalDriver.directoriesOnly(), options))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          hello=world           | invalid option: "hello"
          foo                   | invalid option: "foo"
          =                     | invalid option: ""
          Type=foo device=foo   | invalid option: "Type"
          size=hello            | invalid size: 'hello'
          size=                 | invalid size: ''
          size=-1               | invalid size: '-1'
          size=1x               | invalid suffix: 'x'
          size=1234             | quota size requested but no quota support
          size=1k o=foo         | quota size requested but no quota support
          size=hello o=foo      | invalid size: 'hello'
          bogus=1 size=hello    | invalid option: "bogus"
          device=foo            | missing required option: "type"
          type=foo              | missing required option: "device"
          o=foo type=foo        | missing required option: "device"
          o=foo device=foo      | missing required option: "type"
          o=foo                 | missing required option: "device"
          type=cifs             | missing required option: "device"
          type=cifs device=//some.example.com:2345/thepath o=foo | port not allowed in CIFS device URL, include 'port' in 'o='
          type=cifs device=//[::1]:445/p        | port not allowed in CIFS device URL, include 'port' in 'o='
          type=cifs device=smb://h:445/p size=x | port not allowed in CIFS device URL, include 'port' in 'o='
          type=cifs device=:::     | error parsing mount device url: parse ":::": missing protocol scheme
          type=cifs device=1:2/x   | error parsing mount device url: parse "1:2/x": first path segment in URL cannot contain colon
          type=cifs device=//h:x/p | error parsing mount device url: parse "//h:x/p": invalid port ":x" after host
          type=cifs device=//[::1/p | error parsing mount device url: parse "//[::1/p": missing ']' in host
          type=cifs device=//h/%zz | error parsing mount device url: parse "//h/%zz": invalid URL escape "%zz"
          uid=root              | invalid uid: 'root'
          gid=-1                | invalid gid: '-1'
          uid=4294967295        | invalid uid: '4294967295'
          mode=999              | invalid mode: '999'
          mode=17777            | invalid mode: '17777'
          type=tmpfs device=tmpfs uid=1 | option "uid" is for plain volumes, but this one is a mount
          """)
  void refuses(String options, String message) {
    assertThatThrownBy(() -> validate(LocalDriver.directoriesOnly(), options))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create vol: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"type=foo", "hello=world", "size=1m", "uid=1"})
  void on_windows_there_are_no_options(String options) {
    assertThatThrownBy(() -> validate(LocalDriver.withAccess(List.of(), LocalAccess.NONE), options))
        .isInstanceOf(InvalidOption.class)
        .hasMessage("create vol: options are not supported on this platform");
  }
}
