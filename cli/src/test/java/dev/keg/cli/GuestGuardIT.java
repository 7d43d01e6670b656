package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.program.GuestGuard;
import dev.keg.cli.program.LocalTools;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.machine.qmp.GuestAgent.Still;
import dev.keg.program.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process that watches over a frozen guest. */
@NeedsTool(value = "setsid", from = "util-linux")
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class GuestGuardIT {
  private final Programs tools = new LocalTools(Map.of("PATH", "/usr/bin:/bin"), _ -> {});
  private Programs.@Nullable Running guard;

  /** Keeps the process, so that a test can simulate the end of this one. */
  private Programs.Running start(List<String> command) throws IOException {
    Programs.Running started = tools.start(command);
    guard = started;
    return started;
  }

  private Programs.Running guard() {
    return Objects.requireNonNull(guard);
  }

  @Test
  void the_guest_is_thawed_when_nobody_is_left_to_do_it(@TempDir Path directory) throws Exception {
    Path socket = directory.resolve("agent");
    try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(socket));
      Still _ = new GuestGuard(this::start, Optional.empty(), socket).start();

      guard().input().close();

      try (SocketChannel client = agent.accept()) {
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(client), StandardCharsets.ISO_8859_1));
        String sync = lines.readLine();
        assertThat(lines.readLine()).contains("guest-fsfreeze-thaw");
        String id = sync.replaceFirst(".*\"id\":\\s*(\\d+).*", "$1");
        String answers = "\u00ff{\"return\": %s}\n{\"return\": 2}\n".formatted(id);
        var _ = client.write(ByteBuffer.wrap(answers.getBytes(StandardCharsets.ISO_8859_1)));
      }
      assertThat(guard().exitCode()).as(guard().complaint()).isZero();
    }
  }

  @Test
  void a_guard_that_is_dismissed_does_nothing(@TempDir Path directory) throws Exception {
    Still watch = new GuestGuard(this::start, Optional.empty(), directory.resolve("none")).start();
    watch.close();
    // It would fail, since there is no agent.
    assertThat(guard().exitCode()).isNotEqualTo(1);
  }
}
