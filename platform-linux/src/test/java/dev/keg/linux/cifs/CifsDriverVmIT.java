package dev.keg.linux.cifs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With Samba as the server. */
@NeedsVm
@NeedsTool(value = "smbd", from = "samba")
@NeedsTool(value = "mount.cifs", from = "cifs-utils")
class CifsDriverVmIT {
  private static final InstalledTools TOOLS = new InstalledTools(System.getenv(), _ -> {});
  private static final Path EXPORT = Path.of("/run/share");
  private static final Path CONFIGURATION = Path.of("/run/smb.conf");
  private static final String SERVER =
      """
      [global]
      server role = standalone server
      interfaces = lo
      bind interfaces only = yes
      smb ports = 445
      disable netbios = yes
      load printers = no
      private dir = /run/samba
      lock directory = /run/samba
      state directory = /run/samba
      cache directory = /run/samba
      pid directory = /run/samba
      ncalrpc dir = /run/samba/ncalrpc
      log file = /run/samba/log
      [vol]
      path = /run/share
      read only = no
      """;

  @RegisterExtension final MachineState machine = new MachineState();

  @BeforeAll
  static void serve() throws Exception {
    Files.createDirectories(Path.of("/run/samba/ncalrpc"));
    Files.createDirectory(EXPORT);
    Files.writeString(CONFIGURATION, SERVER);
    var _ =
        TOOLS.run(
            Tool.of("smbpasswd", "-c", CONFIGURATION.toString(), "-s", "-a", "root")
                .withInput(
                    stdin -> stdin.write("xyzzy\nxyzzy\n".getBytes(StandardCharsets.UTF_8))));
    // The daemon would keep our pipes open.
    var _ = TOOLS.run(Tool.of("sh", "-c", "smbd -D -s /run/smb.conf >/dev/null 2>&1 </dev/null"));
  }

  private RealDriver driver() throws IOException {
    return new RealDriver(CifsDriver.factory(Kernel::open), machine.directory());
  }

  private Map<String, String> options(String password, String... more) throws IOException {
    Path credentials = machine.directory().resolve("credentials");
    Files.writeString(credentials, "username=root\npassword=" + password + "\n");
    Map<String, String> options =
        new HashMap<>(
            Map.of("server", "127.0.0.1", "share", "vol", "credentials", credentials.toString()));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  @Test
  void a_volume_is_on_the_server_and_its_password_is_nowhere_to_be_seen() throws Exception {
    RealDriver driver = driver();
    Made made =
        driver.create("db", options("xyzzy", "uid", "33", "mode", "0750", "o", "forceuid,nosuid"));

    awaitServer(driver, made);
    assertThat(made.mounted().type()).isEqualTo("cifs");
    assertThat(made.mounted().options()).contains("nosuid");
    assertThat(made.mounted().superOptions()).contains("soft", "echo_interval=20");
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("xyzzy");
    assertThat(Files.getAttribute(made.data(), "unix:uid")).isEqualTo(33);
    assertThat((int) Files.getAttribute(made.data(), "unix:mode") & 07777).isEqualTo(0750);
    Files.writeString(made.data().resolve("file"), "text");
    assertThat(EXPORT.resolve("file")).hasContent("text");
    driver.unmount(made);
    driver.mount(made);
    assertThat(made.data().resolve("file")).hasContent("text");
    driver.unmount(made);
    driver.remove(made);

    Made wrong = driver.create("wrong", options("plugh"));
    assertThatThrownBy(() -> driver.mount(wrong))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("Permission denied")
        .hasMessageNotContaining("plugh");
    Made missing = driver.create("missing", options("xyzzy", "share", "nope"));
    assertThatThrownBy(() -> driver.mount(missing))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("No such file or directory");
  }

  // smbd reports that it is ready before it listens.
  private static void awaitServer(RealDriver driver, Made made) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      try {
        driver.mount(made);
        return;
      } catch (DriverFailed e) {
        if (attempt == 20 || !String.valueOf(e.getMessage()).contains("refused")) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
  }
}
