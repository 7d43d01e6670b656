package dev.keg.linux.nfs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.activity.Counters;
import dev.keg.driver.DriverContext;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.condition.NeedsVm;
import dev.keg.fixtures.vm.Machine;
import dev.keg.fixtures.vm.NfsServer;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.device.LinuxDevices;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.mount.Mounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With the kernel's own NFS server. */
@NeedsVm
@NeedsTool(value = "rpc.nfsd", from = "nfs-kernel-server")
@NeedsTool(value = "mount.nfs", from = "nfs-common")
class NfsDriverVmIT {
  @RegisterExtension final MachineState machine = new MachineState();

  @BeforeAll
  static void serve() throws Exception {
    NfsServer.setUp();
  }

  private RealDriver driver() throws IOException {
    return new RealDriver(NfsDriver.factory(Kernel::open), machine.directory());
  }

  private static Map<String, String> options(String... more) {
    Map<String, String> options =
        new HashMap<>(Map.of("server", "127.0.0.1", "path", "/", "vers", "4.2"));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  @Test
  void a_volume_is_on_the_server() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", options("o", "nosuid"));

    driver.mount(made);
    assertThat(made.mounted().type()).isEqualTo("nfs4");
    assertThat(made.mounted().options()).contains("nosuid");
    assertThat(made.mounted().superOptions()).contains("soft", "timeo=200", "vers=4.2");
    Files.writeString(made.data().resolve("file"), "text");
    assertThat(NfsServer.EXPORT.resolve("file")).hasContent("text");
    driver.unmount(made);
    driver.mount(made);
    assertThat(made.data().resolve("file")).hasContent("text");
    driver.unmount(made);
    driver.remove(made);
    assertThat(NfsServer.EXPORT.resolve("file")).hasContent("text");

    Made readOnly = driver.create("ro", options("o", "ro"));
    driver.mount(readOnly);
    assertThatThrownBy(() -> Files.createFile(readOnly.data().resolve("x")))
        .hasMessageContaining("Read-only");
    driver.unmount(readOnly);
  }

  @Test
  void what_is_read_and_written_is_counted_as_in_mountstats() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", options("o", "wsize=65536,rsize=65536"));
    byte[] content = new byte[1 << 20];

    driver.mount(made);
    Files.write(made.data().resolve("table"), content, CREATE, DSYNC, WRITE);
    Counters written = counters(made);
    assertThat(written.writtenBytes()).isEqualTo(content.length);
    assertThat(written.writes()).isEqualTo(mountstats(made, "WRITE:")).isBetween(16L, 128L);
    assertThat(written.readBytes()).isZero();
    driver.unmount(made);

    driver.mount(made);
    assertThat(Files.readAllBytes(made.data().resolve("table"))).isEqualTo(content);
    Counters read = counters(made);
    assertThat(read.readBytes()).isBetween((long) content.length, content.length + 65536L);
    assertThat(read.reads()).isEqualTo(mountstats(made, "READ:")).isPositive();
    driver.unmount(made);
    driver.remove(made);
  }

  private static Counters counters(Made made) {
    return new LinuxDevices().below(made.data()).orElseThrow().counters().orElseThrow();
  }

  /** The number of times an operation was executed. */
  private static long mountstats(Made made, String operation) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountstats")).stream()
        .dropWhile(line -> !line.contains(" on %s with ".formatted(made.data())))
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words[0].equals(operation))
        .map(words -> Long.parseLong(words[1]))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_path_that_is_not_exported_is_an_error() throws IOException {
    RealDriver driver = driver();
    Made made = driver.create("db", options("path", "/no/such"));

    assertThatThrownBy(() -> driver.mount(made))
        .isInstanceOf(DriverFailed.class)
        .hasMessageMatching(
            "mount db: cannot mount 127.0.0.1:/no/such \\(nfs\\): mount.nfs: .*"
                + "(No such file or directory|access denied).*");
  }

  @Test
  @Timeout(30)
  void a_server_that_never_answers_is_an_error() throws IOException {
    RealDriver driver = driver();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Made made =
          driver.create("db", options("timeout", "2", "o", "port=" + silent.getLocalPort()));

      assertThatThrownBy(() -> driver.mount(made))
          .isInstanceOf(DriverFailed.class)
          .hasMessageStartingWith("mount db: cannot mount 127.0.0.1:/ (nfs): ");
    }
  }

  @Test
  @Timeout(150)
  void a_server_that_is_gone_is_waited_for_only_so_long() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("timeout", "0", "o", "actimeo=0"));
    driver.mount(made);
    Path below = Files.createDirectory(made.data().resolve("below"));
    Machine.run("mount", "-t", "tmpfs", "tmpfs", below.toString());
    Mounts mounts =
        Kernel.open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {})).mounts();
    NfsServer.stop();
    try {
      assertThatThrownBy(() -> mounts.unmountExact(below, false))
          .isInstanceOf(ErrnoException.class)
          .hasMessageEndingWith("connection timed out (the server does not answer)");
      assertThatThrownBy(() -> driver.driver().footprint(made.volume(), made.home()))
          .isInstanceOf(DriverFailed.class)
          .hasMessageContaining("the server does not answer");
      mounts.unmountExact(made.data(), true);
      assertThat(mounts.table().below(made.data())).isEmpty();
    } finally {
      NfsServer.start();
    }
  }

  @Test
  @Timeout(90)
  void a_server_that_goes_away_is_an_error_after_a_time_and_can_be_unmounted() throws Exception {
    RealDriver driver = driver();
    Made made = driver.create("db", options("timeout", "9"));
    driver.mount(made);
    Files.writeString(made.data().resolve("file"), "text");
    NfsServer.stop();
    long start = System.nanoTime();
    try {
      assertThatThrownBy(() -> Files.createFile(made.data().resolve("new")))
          .isInstanceOf(IOException.class);
      driver.mount(made);
      driver.unmount(made);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    } finally {
      NfsServer.start();
    }
  }
}
