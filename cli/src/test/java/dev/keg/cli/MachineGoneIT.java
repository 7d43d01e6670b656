package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that ends during a conversation. */
@Tag("native")
class MachineGoneIT {
  private static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 8}}, \"capabilities\": []}}\n";

  @TempDir Path directory;

  private Outcome keg(String... words) throws Exception {
    String[] all = new String[words.length + 2];
    all[0] = "--root";
    all[1] = directory.resolve("root").toString();
    System.arraycopy(words, 0, all, 2, words.length);
    return BuiltProgram.runOrCall(all);
  }

  @Test
  void the_failure_is_reported_and_nothing_is_left_attached() throws Exception {
    assertThat(keg("create", "-d", "image", "-o", "fs=none", "-o", "size=3m", "db").exit())
        .isZero();
    Path socket = directory.resolve("qmp");
    Outcome outcome;
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      CompletableFuture<Void> _ = CompletableFuture.runAsync(() -> greetAndGo(server));
      outcome = keg("attach", "--qmp", socket.toString(), "db", "vm1");
    }
    assertThat(outcome.errors()).contains("Error: attach db: " + socket + ": QEMU closed the conn");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(keg("rm", "db").errors()).isEmpty();
  }

  /** Nobody reads what keg writes next: without precautions, it dies of a signal. */
  private static void greetAndGo(ServerSocketChannel server) {
    try {
      while (true) {
        try (SocketChannel keg = server.accept()) {
          keg.shutdownInput();
          keg.write(ByteBuffer.wrap(GREETING.getBytes(UTF_8)));
        }
      }
    } catch (ClosedChannelException _) {
      // The end of the test.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
