package dev.keg.moving;

import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.VolumeException;
import dev.keg.moving.Arrival.Offer;
import dev.keg.moving.Arrival.State;
import dev.keg.moving.pass.Wire;
import dev.keg.moving.pass.Wire.Request;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;

/** The far side of a move: serves the source's requests until its input ends. */
public record Receiving(BackupContext context) {
  /** The subcommand that runs it. */
  public static final String COMMAND = "__receive";

  /** Serves one source. A broken connection ends it; the source reconnects. */
  public void serve(InputStream in, OutputStream out) throws IOException {
    Wire wire = new Wire(in, out);
    wire.out().write(Wire.GREETING.getBytes(StandardCharsets.US_ASCII));
    wire.out().flush();
    try (Heartbeat _ = new Heartbeat(wire, Heartbeat.EVERY)) {
      serve(wire);
    } catch (EOFException _) {
      return;
    } catch (VolumeException e) {
      wire.fail(e);
    }
  }

  private void serve(Wire wire) throws IOException {
    if (wire.take(Request.class) != Request.OPEN) {
      throw new Wire.Garbled("a move begins with its offer");
    }
    try (Arrival arrival = new Arrival(context, offer(wire))) {
      open(arrival, wire);
      while (true) {
        answer(wire.take(Request.class), arrival, wire);
      }
    }
  }

  private static Offer offer(Wire wire) throws IOException {
    String id = wire.text();
    VolumeName name = VolumeName.forNew("move", wire.text());
    String from = wire.text();
    Volume volume =
        VolumeDescription.read(wire.bytes())
            .orElseThrow(() -> new Wire.Garbled("no description of a volume"));
    return new Offer(id, name, from, volume, protection(wire), wire.in().readBoolean());
  }

  private static Protection protection(Wire wire) throws IOException {
    try {
      return Protection.parse(wire.text());
    } catch (DateTimeException e) {
      throw new Wire.Garbled(String.valueOf(e.getMessage()));
    }
  }

  private static void open(Arrival arrival, Wire wire) throws IOException {
    boolean make = wire.in().readBoolean();
    State state = arrival.state();
    String difference = "";
    if (state == State.ABSENT && make) {
      difference = arrival.make().orElse("");
      state = State.ARRIVING;
    }
    if (state == State.ARRIVING || state == State.READY) {
      arrival.hold();
      state = arrival.state();
    }
    wire.done(state, difference);
  }

  private static void answer(Request request, Arrival arrival, Wire wire) throws IOException {
    switch (request) {
      case OPEN -> throw new Wire.Garbled("the offer came twice");
      case PASS -> {
        arrival.pass(wire);
        wire.done();
      }
      case READY -> {
        arrival.ready();
        wire.done();
      }
      case PUBLISH -> {
        arrival.publish();
        wire.done();
      }
      case DISCARD -> {
        arrival.discard();
        wire.done();
      }
    }
  }

  /** Completes the move of a volume whose source is gone, if all of it has arrived. */
  public void accept(VolumeName name) {
    Arrival.accept(context, name);
  }
}
