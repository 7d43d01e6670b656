package dev.keg.machine.qmp;

import dev.keg.machine.qmp.QmpException.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Exchanges lines with a program that listens on a socket; every wait has a limit. */
final class SocketLines implements AutoCloseable {
  private static final int LONGEST_LINE = 16 << 20;

  private final String peer;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer received = ByteBuffer.allocate(1 << 16).limit(0);

  private SocketLines(String peer, SocketChannel channel, Selector selector) {
    this.peer = peer;
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * @param peer the program's name in messages
   */
  static SocketLines open(Path socket, String peer) throws IOException {
    SocketChannel channel = connect(socket);
    try {
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new SocketLines(peer, channel, selector);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static SocketChannel connect(Path socket) throws IOException {
    if (!Files.exists(socket)) {
      throw new QmpException(Failure.GONE, "there is no such socket");
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new QmpException(Failure.GONE, "nothing listens there: " + e.getMessage());
    }
  }

  void send(byte[] line, String command) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      // A command is far smaller than a socket's buffer; if it does not fit, nobody is reading.
      channel.write(bytes);
    } catch (IOException _) {
      throw new QmpException(
          Failure.SILENT, "%s closed the connection before %s".formatted(peer, command));
    }
    if (bytes.hasRemaining()) {
      throw new QmpException(Failure.SILENT, peer + " does not read what it is sent");
    }
  }

  /** The next line, which must arrive before the end. */
  byte[] line(long end, Duration patience) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (received.hasRemaining()) {
        byte next = received.get();
        if (next == '\n') {
          return line.toByteArray();
        }
        line.write(next);
      }
      if (line.size() > LONGEST_LINE) {
        throw new QmpException(Failure.SILENT, "the listening program does not speak QMP");
      }
      receive(end, patience);
    }
  }

  private void receive(long end, Duration patience) throws IOException {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0 || selector.select(left) == 0) {
      throw new QmpException(
          Failure.SILENT,
          "no answer within " + patience.toSeconds() + " s; is another program using it?");
    }
    selector.selectedKeys().clear();
    received.clear();
    int count = read();
    received.flip();
    if (count < 0) {
      throw new QmpException(Failure.SILENT, peer + " closed the connection halfway");
    }
  }

  private int read() {
    try {
      return channel.read(received);
    } catch (IOException _) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
