package dev.keg.moving;

import dev.keg.program.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An ssh that runs the remote side of a move in this process, and loses the connection on request.
 */
final class LinkedHosts implements Programs {
  private final Supplier<MovingHost> far;
  private final List<String> commands = new ArrayList<>();
  private IntUnaryOperator limits = _ -> Integer.MAX_VALUE;
  private Runnable before = () -> {};
  private Duration patience = Duration.ofMinutes(10);
  private boolean hanging;
  private int connections;
  private @Nullable Throwable death;

  /**
   * @param far creates the other host, as a new process sees it
   */
  LinkedHosts(Supplier<MovingHost> far) {
    this.far = far;
  }

  /** The number of bytes to the other host after which the n-th connection breaks. */
  LinkedHosts breakingAfter(IntUnaryOperator bytes) {
    limits = bytes;
    return this;
  }

  /** Runs this before the operator's commands end. */
  LinkedHosts running(Runnable command) {
    before = command;
    return this;
  }

  /** The other host accepts data but does not answer; this host waits for this time. */
  LinkedHosts hanging(Duration time) {
    hanging = true;
    patience = time;
    return this;
  }

  Duration patience() {
    return patience;
  }

  int connections() {
    return connections;
  }

  List<String> commands() {
    return commands;
  }

  /** The exception that ended the other host, if any. */
  @Nullable Throwable death() {
    return death;
  }

  void pause(Duration time) {}

  @Override
  public Running start(List<String> command) throws IOException {
    commands.add(command.getLast());
    if (!command.getFirst().equals("ssh")) {
      before.run();
      return new Connection(null, InputStream.nullInputStream(), OutputStream.nullOutputStream());
    }
    connections++;
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    InputStream in = Channels.newInputStream(there.source());
    OutputStream out = Channels.newOutputStream(back.sink());
    Thread serving = Thread.ofPlatform().start(() -> serve(in, out));
    OutputStream limited =
        new Limited(Channels.newOutputStream(there.sink()), limits.applyAsInt(connections));
    return new Connection(serving, Channels.newInputStream(back.source()), limited);
  }

  private void serve(InputStream in, OutputStream out) {
    try (in;
        out) {
      if (hanging) {
        in.transferTo(OutputStream.nullOutputStream());
      } else if (death == null) {
        new Receiving(far.get().context).serve(in, out);
      }
    } catch (IOException _) {
      return;
    } catch (RuntimeException | Error e) {
      death = e;
    }
  }

  private record Connection(@Nullable Thread serving, InputStream output, OutputStream input)
      implements Running {
    @Override
    public int exitCode() throws InterruptedException {
      close();
      return serving == null ? 0 : 255;
    }

    @Override
    public String complaint() {
      return "";
    }

    @Override
    public void close() {
      try {
        input.close();
        if (serving != null) {
          serving.join();
        }
        output.close();
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Ends after this number of bytes, like a broken connection. */
  private static final class Limited extends OutputStream {
    private final OutputStream out;
    private int left;

    Limited(OutputStream out, int left) {
      this.out = out;
      this.left = left;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > left) {
        out.write(bytes, offset, left);
        left = 0;
        out.close();
        throw new IOException("Broken pipe");
      }
      left -= length;
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
