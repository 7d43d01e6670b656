package dev.keg.moving;

import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.ssh.RemoteProgram;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.file.Throttle;
import dev.keg.moving.Arrival.Offer;
import dev.keg.moving.Arrival.State;
import dev.keg.moving.pass.SendingPass;
import dev.keg.moving.pass.SendingPass.KnownTimes;
import dev.keg.moving.pass.SendingPass.Result;
import dev.keg.moving.pass.Wire;
import dev.keg.moving.pass.Wire.Request;
import dev.keg.program.WatchedProgram;
import dev.keg.tree.FileTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other host, as seen from the source. A lost connection is reopened and the request repeated;
 * it gives up only after several attempts without any progress.
 */
final class OtherHost implements Receiver, AutoCloseable {
  private final RemoteProgram program;
  private final Backoff backoff;
  private final Duration patience;
  private final Offer offer;
  private final String volume;
  private final SentCount listener;
  private @Nullable Connection connection;

  /**
   * @param volume the name of the volume here
   */
  OtherHost(
      RemoteProgram program, MoveTools tools, Offer offer, String volume, TreeListener listener) {
    this.program = program;
    this.backoff = tools.backoff();
    this.patience = tools.patience();
    this.offer = offer;
    this.volume = volume;
    this.listener = new SentCount(tools.upload(), listener);
  }

  private record Connection(WatchedProgram running, Wire wire, State state) {}

  private interface Call<T> {
    T on(Connection open) throws IOException;
  }

  /** The state of the move there, which is begun if allowed. */
  State state(boolean make) {
    close();
    return ask(make, Connection::state);
  }

  /** Sends the changes; starts over if the connection breaks. */
  @Override
  public Result pass(FileTree tree, KnownTimes known) {
    return ask(
        true,
        open -> {
          request(open.wire(), Request.PASS);
          Result result = new SendingPass(tree, open.wire(), known, listener).run();
          open.wire().out().flush();
          open.wire().answered();
          return result;
        });
  }

  void ready() {
    ask(Request.READY);
  }

  void publish() {
    ask(Request.PUBLISH);
  }

  void discard() {
    ask(Request.DISCARD);
  }

  private void ask(Request request) {
    boolean _ =
        ask(
            false,
            open -> {
              request(open.wire(), request);
              return true;
            });
  }

  private static void request(Wire wire, Request request) throws IOException {
    wire.put(request);
    wire.out().flush();
    wire.answered();
  }

  private <T> T ask(boolean make, Call<T> call) {
    while (true) {
      long before = listener.moved;
      try {
        return backoff.run(_ -> attempt(make, call));
      } catch (StoreException.Unavailable e) {
        if (listener.moved == before) {
          String hint = "run it again; it continues where it stopped";
          throw new MoveFailed(volume, String.valueOf(e.getMessage()), hint, e);
        }
      } catch (StoreException e) {
        throw new MoveFailed(volume, String.valueOf(e.getMessage()), e.hint().orElse(null), e);
      }
    }
  }

  private <T> T attempt(boolean make, Call<T> call) throws StoreException {
    try {
      Connection open = connection;
      if (open == null) {
        open = connect(make);
      }
      return call.on(open);
    } catch (StoreException e) {
      close();
      throw e;
    } catch (Wire.Refused e) {
      close();
      throw refused(e);
    } catch (IOException e) {
      throw broken(e);
    } catch (RuntimeException e) {
      close(); // the stream stopped in the middle of a message
      throw e;
    }
  }

  private Connection connect(boolean make) throws IOException {
    WatchedProgram running = new WatchedProgram(program.start(), patience);
    Wire wire = new Wire(running.output(), running.input());
    connection = new Connection(running, wire, State.ABSENT);
    byte[] greeting = wire.in().readNBytes(Wire.GREETING.length());
    if (greeting.length < Wire.GREETING.length()) {
      throw new IOException("it ended before it answered");
    }
    if (!new String(greeting, StandardCharsets.ISO_8859_1).equals(Wire.GREETING)) {
      throw failed(
          "Keg on that host has a different version, or its login shell prints text", null);
    }
    offer(wire, make);
    State state = wire.take(State.class);
    String difference = wire.text();
    if (!difference.isEmpty()) {
      listener.note(TreePath.ROOT, Note.OTHER_VOLUME, difference);
    }
    Connection open = new Connection(running, wire, state);
    connection = open;
    return open;
  }

  private void offer(Wire wire, boolean make) throws IOException {
    wire.put(Request.OPEN);
    wire.put(offer.id());
    wire.put(offer.name().text());
    wire.put(offer.from());
    wire.put(VolumeDescription.write(offer.volume()));
    wire.put(offer.protection().text());
    wire.out().writeBoolean(offer.samePlace());
    wire.out().writeBoolean(make);
    wire.out().flush();
    wire.answered();
  }

  private StoreException failed(String why, @Nullable String hint) {
    return new StoreException.Failed(program.address(), "move", why, hint);
  }

  private StoreException refused(Wire.Refused e) {
    String own = "move " + offer.name() + ": ";
    String message = String.valueOf(e.getMessage());
    String why = message.startsWith(own) ? message.substring(own.length()) : message;
    return e.isBusy()
        ? new StoreException.Unavailable(program.address(), "move", why, e)
        : failed(why, e.hint().isEmpty() ? null : e.hint());
  }

  /** The failure; the other side may have reported a reason before it ended. */
  private StoreException broken(IOException e) {
    Connection open = connection;
    connection = null;
    if (open == null) {
      return failed(String.valueOf(e.getMessage()), null);
    }
    try {
      if (open.running().isSilent()) {
        return program.failure(open.running(), e);
      }
      return e instanceof Wire.Garbled
          ? failed(
              "the answer cannot be understood: " + e.getMessage(), "use the same version there")
          : said(open).orElseGet(() -> program.failure(open.running(), e));
    } finally {
      open.running().close();
    }
  }

  private Optional<StoreException> said(Connection open) {
    try {
      open.wire().answered();
      return Optional.empty();
    } catch (Wire.Refused refused) {
      return Optional.of(refused(refused));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      open.running().close();
    }
  }

  /** Counts sent content to detect progress. */
  private static final class SentCount implements TreeListener {
    private final Throttle upload;
    private final TreeListener next;
    private final Set<TreePath> noted = new HashSet<>();
    private long moved;

    SentCount(Throttle upload, TreeListener next) {
      this.upload = upload;
      this.next = next;
    }

    @Override
    public void advanced(long bytes) {
      upload.take((int) bytes);
      moved += bytes;
      next.advanced(bytes);
    }

    @Override
    public void finished() {
      moved++;
      next.finished();
    }

    @Override
    public void note(TreePath path, Note note, String text) {
      if (noted.add(path)) {
        next.note(path, note, text); // every pass meets it again
      }
    }
  }
}
