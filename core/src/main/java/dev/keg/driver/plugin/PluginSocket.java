package dev.keg.driver.plugin;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection that is closed when its time is up, even while a thread waits on it. */
final class PluginSocket implements AutoCloseable {
  /** A socket, which can be closed before it is connected. */
  private interface Connection extends Closeable {
    void connect() throws IOException;

    InputStream in() throws IOException;

    OutputStream out() throws IOException;
  }

  private final Connection connection;
  private final Thread watch;
  private volatile boolean late;

  private PluginSocket(Connection connection, Duration limit) {
    this.connection = connection;
    this.watch = Thread.ofPlatform().daemon().name("plugin-limit").start(() -> watch(limit));
  }

  static PluginSocket open(PluginAddress address, Duration limit) throws IOException {
    PluginSocket socket = new PluginSocket(connection(address), limit);
    try {
      socket.connection.connect();
      return socket;
    } catch (IOException e) {
      boolean late = socket.late;
      socket.close();
      throw late ? new Late() : e;
    }
  }

  /** Nothing arrived in time. */
  static final class Late extends IOException {}

  private void watch(Duration limit) {
    try {
      Thread.sleep(limit);
      late = true;
      connection.close();
    } catch (InterruptedException | IOException _) {
      // The call is over, or closing failed and cannot be retried.
    }
  }

  /** Whether the time was up. */
  boolean isLate() {
    return late;
  }

  InputStream in() throws IOException {
    return connection.in();
  }

  OutputStream out() throws IOException {
    return connection.out();
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      watch.join();
    } catch (InterruptedException _) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }

  private static Connection connection(PluginAddress address) throws IOException {
    return switch (address) {
      case PluginAddress.Local local ->
          new LocalConnection(local, SocketChannel.open(StandardProtocolFamily.UNIX));
      case PluginAddress.Remote remote -> new RemoteConnection(remote, new Socket());
    };
  }

  private record LocalConnection(PluginAddress.Local address, SocketChannel channel)
      implements Connection {
    @Override
    public void connect() throws IOException {
      channel.connect(UnixDomainSocketAddress.of(TrustedPath.ofFile(address.socket())));
    }

    @Override
    public InputStream in() {
      return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream out() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static final class RemoteConnection implements Connection {
    private final PluginAddress.Remote address;
    private final Socket plain;
    private volatile Socket used;

    RemoteConnection(PluginAddress.Remote address, Socket plain) {
      this.address = address;
      this.plain = plain;
      this.used = plain;
    }

    @Override
    public void connect() throws IOException {
      plain.connect(new InetSocketAddress(address.host(), address.port()));
      if (address.tls().isPresent()) {
        used = encrypted(address.tls().get());
      }
    }

    private Socket encrypted(SSLContext tls) throws IOException {
      SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
      if (address.checked()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      return socket;
    }

    @Override
    public InputStream in() throws IOException {
      return used.getInputStream();
    }

    @Override
    public OutputStream out() throws IOException {
      return used.getOutputStream();
    }

    @Override
    public void close() throws IOException {
      plain.close();
    }
  }
}
