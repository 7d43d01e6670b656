package dev.keg.linux.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.driver.DriverFactory;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.ShareDriverContract;
import dev.keg.linux.program.ToolException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a driver for Linux")
final class NfsDriverTest extends ShareDriverContract {
  @Override
  protected DriverFactory factory() {
    return NfsDriver.factory(_ -> fake.kernel());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("server", "nas", "path", "/export/db");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "server", "-o exec", "path", "relative", "vers", "5", "timeout", "-1", "o", "ro,,rw");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          vers=4.2             | vers=4.2,soft,timeo=200,retrans=2,retry=0 -- nas:/export/db
          timeout=1            | soft,timeo=3,retrans=2,retry=0 -- nas:/export/db
          timeout=0            | hard,retry=0 -- nas:/export/db
          o=ro,sec=krb5        | soft,timeo=200,retrans=2,retry=0,ro,sec=krb5 -- nas:/export/db
          server=fe80::1%eth0  | soft,timeo=200,retrans=2,retry=0 -- [fe80::1%eth0]:/export/db
          path=/with space     | soft,timeo=200,retrans=2,retry=0 -- nas:/with space
          """)
  void options_become_those_of_mount(String option, String wanted) throws IOException {
    assertThat(mountsWith(option))
        .containsExactly("mount -t nfs -o " + wanted + " ROOT/volumes/db/_data");
  }

  @Test
  void a_server_that_does_not_answer_is_an_error_after_a_time() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put(
        "mount",
        tool -> {
          assertThat(tool.limit()).isEqualTo(Duration.ofSeconds(60));
          throw ToolException.tooSlow(tool, tool.limit());
        });

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage(
            "mount db: cannot mount nas:/export/db (nfs): the server did not answer within 60"
                + " seconds");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void what_the_program_says_is_reported() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put(
        "mount",
        tool -> {
          throw ToolException.failed(
              tool, 32, "mount.nfs: access denied by server\n  dmesg(1) may have more information");
        });

    assertThatThrownBy(() -> mount(db))
        .hasMessage(
            "mount db: cannot mount nas:/export/db (nfs): mount.nfs: access denied by server");
  }

  @Test
  void a_kernel_without_nfs_is_reported() throws IOException {
    Subject db = create("db");
    fake.tools.programs.put(
        "mount",
        tool -> {
          throw ToolException.failed(tool, 32, "mount.nfs: No such device");
        });

    DriverFailed failure = catchThrowableOfType(DriverFailed.class, () -> mount(db));

    assertThat(failure).hasMessageEndingWith("(nfs): mount.nfs: No such device");
    assertThat(failure.hint())
        .get()
        .asString()
        .startsWith("this kernel has no nfs: `modprobe nfs`");
  }

  @Test
  void a_password_among_the_options_is_refused() {
    assertThatThrownBy(
            () -> create("db", Map.of("server", "nas", "path", "/x", "o", "ro,password=xyzzy")))
        .isInstanceOf(InvalidOption.class)
        .hasMessageNotContaining("xyzzy");
  }
}
