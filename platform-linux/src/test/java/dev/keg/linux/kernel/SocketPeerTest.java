package dev.keg.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc elsewhere")
class SocketPeerTest {
  @TempDir private Path directory;

  @Test
  void a_socket_names_the_process_that_connected() throws IOException {
    var address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      try (var _ = SocketChannel.open(address);
          var _ = server.accept();
          Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
        long self = ProcessHandle.current().pid();
        assertThat(
                files
                    .map(
                        file -> SocketPeer.process(Integer.parseInt(file.getFileName().toString())))
                    .filter(peer -> peer.isPresent() && peer.getAsLong() == self))
            .hasSizeGreaterThanOrEqualTo(2);
      }
    }
  }

  @Test
  void a_descriptor_that_is_not_a_socket_names_nobody() {
    assertThat(SocketPeer.process(-1)).isEmpty();
  }
}
