package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

public class ServerTimeoutTest {
  private static final Path PATH = Path.of("/srv/x");

  private final ServerTimeout soon = new ServerTimeout(Duration.ofMillis(1));
  private final ServerTimeout late = new ServerTimeout(Duration.ofMinutes(1));

  @Test
  @Timeout(20)
  void a_call_that_does_not_come_back_is_left_behind() {
    CountDownLatch server = new CountDownLatch(1);

    assertThatThrownBy(() -> soon.call("umount2", PATH, () -> await(server)))
        .isInstanceOf(ErrnoException.class)
        .hasMessage("umount2 /srv/x: connection timed out");
    server.countDown();
  }

  @Test
  @Timeout(20)
  void nobody_waits_twice_for_the_server_of_a_mount() throws ErrnoException {
    CountDownLatch server = new CountDownLatch(1);
    Optional<Long> mount = Optional.of(21L);

    assertThatThrownBy(() -> soon.callOnce(mount, "statfs", PATH, () -> await(server)))
        .isInstanceOf(ErrnoException.class);
    assertThatThrownBy(() -> soon.callOnce(mount, "statfs", PATH, server::countDown))
        .isInstanceOf(ErrnoException.class)
        .hasMessage("statfs /srv/x: connection timed out");
    assertThat(server.getCount()).as("it was not called").isEqualTo(1);

    late.callOnce(mount, "statfs", PATH, server::countDown);
    assertThat(server.getCount()).isZero();
  }

  private static void await(CountDownLatch server) {
    try {
      server.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_reason_of_a_failed_call_is_reported() {
    assertThatCode(() -> late.call("umount2", PATH, () -> {})).doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                late.call(
                    "umount2",
                    PATH,
                    () -> {
                      throw new ErrnoException("umount2", "/srv/x", Errno.EBUSY);
                    }))
        .hasMessage("umount2 /srv/x: device or resource busy");
    assertThatThrownBy(
            () ->
                late.call(
                    "umount2",
                    PATH,
                    () -> {
                      throw new IllegalStateException("a bug");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a bug");
  }

  @Test
  void a_server_is_asked_for_what_is_on_or_below_its_mount() throws IOException {
    ProcMounts table =
        ProcMounts.parse(
            """
            20 1 8:1 / / rw - ext4 /dev/sda1 rw
            21 20 0:36 / /srv/nfs rw - nfs4 host:/ rw
            22 21 8:1 / /srv/nfs/sub rw - ext4 /dev/sda1 rw
            23 20 0:37 / /srv/fuse rw - fuse.sshfs host:/ rw
            24 20 0:38 / /srv/disk rw - fuseblk /dev/sdb1 rw
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(table.leadsToServer(Path.of("/srv/nfs"))).isTrue();
    assertThat(table.leadsToServer(Path.of("/srv/nfs/sub"))).isTrue();
    assertThat(table.leadsToServer(Path.of("/srv/fuse/a/b"))).isTrue();
    assertThat(table.leadsToServer(Path.of("/srv/nfs2"))).isFalse();
    assertThat(table.leadsToServer(Path.of("/srv/disk"))).isFalse();
    assertThat(table.leadsToServer(Path.of("/srv"))).isFalse();
  }
}
