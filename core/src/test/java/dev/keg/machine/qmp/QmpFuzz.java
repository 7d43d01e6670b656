package dev.keg.machine.qmp;

import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The output of a program that listens in place of QEMU; it sends all at once, and closes the
 * connection.
 */
public final class QmpFuzz implements FuzzTarget {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final String TALK =
      """
      {"QMP": {"version": {"qemu": {"major": 7}}, "capabilities": []}}
      {"return": {}, "id": "1"}
      {"event": "DEVICE_DELETED", "data": {"device": "data-device", "path": "/a"}}
      """;

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            TALK
                + """
                {"return": [{"device": "", "qdev": "data-device", "inserted": {"node-name": "data"}}], "id": "2"}
                {"return": {}, "id": "3"}
                {"return": [{"node-name": "data", "drv": "raw"}], "id": "4"}
                {"return": {}, "id": "5"}
                """,
            TALK
                + """
                {"return": [], "id": "2"}
                {"return": [], "id": "3"}
                {"return": {}, "id": "4"}
                {"error": {"class": "GenericError", "desc": "Bus 'pcie.0' does not support hotplugging"}, "id": "5"}
                {"return": [{"bus": 0, "devices": [{"qdev_id": "p1", "pci_bridge": {"bus": {}, "devices": []}}]}], "id": "6"}
                {"return": {}, "id": "7"}
                """)
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    try {
      Path directory = Files.createTempDirectory("qmp");
      Path socket = directory.resolve("s");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        talk(server, input, () -> machine(socket).plug(plug()));
        talk(server, input, () -> machine(socket).unplug(plug()));
      } finally {
        Files.deleteIfExists(socket);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static QmpMachine machine(Path socket) {
    return new QmpMachine(socket, PATIENCE, PATIENCE);
  }

  private static Plug plug() {
    return new Plug(
        new DriveId("data"),
        new VolumeName("db"),
        new MachineDisk(Path.of("/disks/db.qcow2"), "qcow2", false),
        false);
  }

  private static void talk(ServerSocketChannel server, byte[] input, Runnable use)
      throws IOException {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (SocketChannel client = server.accept()) {
                    var _ = client.write(ByteBuffer.wrap(input));
                    client.shutdownOutput();
                    int read;
                    do {
                      read = client.read(ByteBuffer.allocate(4096));
                    } while (read >= 0);
                  } catch (IOException _) {
                    return;
                  }
                });
    try {
      use.run();
    } catch (VolumeException _) {
      return;
    } finally {
      join(thread);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
