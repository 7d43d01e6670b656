package dev.keg.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.volume.Options;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalMountTest {
  private static String resolve(String host) throws UnknownHostException {
    return switch (host) {
      case "example.com" -> "1.2.3.4";
      case "2001:db8::68" -> host;
      default -> throw new UnknownHostException(host);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cifs | //1.2.3.4/Program Files     | ''                 | //1.2.3.4/Program Files     | ''
          cifs | //example.com/Program Files | addr=example.com   | //example.com/Program Files | addr=1.2.3.4
          cifs | //example.com/Program Files | ''                 | //1.2.3.4/Program Files     | ''
          cifs | //example.com/a%20b         | ''                 | //1.2.3.4/a b               | ''
          cifs | //example.com/a+b           | ''                 | //1.2.3.4/a+b               | ''
          cifs | //example.com/x             | addr=9.9.9.9       | //1.2.3.4/x                 | addr=9.9.9.9
          cifs | //example.com/x             | addr=2001:db8::68  | //example.com/x             | addr=2001:db8::68
          cifs | //example.com/x             | addr=              | //1.2.3.4/x                 | addr=
          cifs | //[2001:db8::68]/x          | ''                 | //[2001:db8::68]/x          | ''
          cifs | //user@example.com/x        | ro                 | //user@1.2.3.4/x            | ro
          cifs | share                       | ''                 | share                       | ''
          nfs  | //example.com/Program Files | ''                 | //example.com/Program Files | ''
          nfs  | //example.com/Program Files | addr=example.com   | //example.com/Program Files | addr=1.2.3.4
          nfs  | :/x | rw,addr=example.com,clientaddr=example.com | :/x | rw,addr=1.2.3.4,clientaddr=example.com
          nfs  | :/x | clientaddr=example.com,addr=example.com    | :/x | clientaddr=example.com,addr=1.2.3.4
          nfs4 | example.com:/x              | addr=example.com   | example.com:/x              | addr=example.com
          ext4 | /dev/sdb                    | addr=example.com   | /dev/sdb                    | addr=example.com
          """)
  void names_are_resolved_where_docker_resolves_them(
      String type, String device, String options, String resolvedDevice, String resolvedOptions)
      throws LocalMount.Unusable {
    assertThat(new LocalMount(type, device, options).resolved(LocalMountTest::resolve))
        .isEqualTo(new LocalMount(type, resolvedDevice, resolvedOptions));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nfs  | :/x             | addr=nowhere.invalid | error resolving passed in network volume address: lookup nowhere.invalid: no such host
          nfs  | :/x             | addr=1.2.3.400       | error resolving passed in network volume address: lookup 1.2.3.400: no such host
          nfs  | :/x             | addr=1.2.3.4.        | error resolving passed in network volume address: lookup 1.2.3.4.: no such host
          cifs | //nowhere.invalid/x | ''               | error resolving passed in network volume address: lookup nowhere.invalid: no such host
          cifs | :::             | ''                   | error parsing mount device url: parse ":::": missing protocol scheme
          """)
  void a_name_without_an_address_is_an_error(
      String type, String device, String options, String message) {
    assertThatThrownBy(
            () -> new LocalMount(type, device, options).resolved(LocalMountTest::resolve))
        .isInstanceOf(LocalMount.Unusable.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tmpfs | tmpfs | ''            | mount tmpfs:/t
          tmpfs | tmpfs | size=1m,nodev | mount tmpfs:/t, flags: 0x4, data: size=1m
          tmpfs | none  | ''            | mount none:/t
          none  | /src  | bind          | mount /src:/t, flags: 0x1000
          none  | /src  | bind,ro       | mount /src:/t, flags: 0x1001; remount-ro /t, flags: 0x1021
          none  | /src  | rbind,rslave  | mount /src:/t, flags: 0x5000; remount /t, flags: 0x84000
          none  | /src  | bind,ro,shared,nosuid | mount /src:/t, flags: 0x1003; remount /t, flags: 0x100000; remount-ro /t, flags: 0x1023
          none  | none  | remount,ro,bind | remount-ro /t, flags: 0x1021
          none  | none  | remount,shared | remount /t, flags: 0x100000
          tmpfs | tmpfs | remount,size=2m | mount tmpfs:/t, flags: 0x20, data: size=2m
          cifs  | //h/s | user=a,password=pw | mount //h/s:/t, data: user=a,password=********
          """)
  void options_become_calls(String type, String device, String options, String calls) {
    assertThat(
            new LocalMount(type, device, options)
                .calls().stream()
                    .map(call -> call.describe("/t"))
                    .collect(Collectors.joining("; ")))
        .isEqualTo(calls);
  }

  @Test
  void a_device_is_needed() {
    assertThatThrownBy(() -> LocalMount.of(Options.of(Map.of("type", "tmpfs", "device", ""))))
        .hasMessage("missing device in volume options");
  }

  @Test
  void a_password_is_not_shown() {
    assertThat(new LocalMount("cifs", "//h/s", "password=pw")).asString().doesNotContain("pw");
  }
}
