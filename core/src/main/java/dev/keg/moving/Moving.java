package dev.keg.moving;

import dev.keg.backup.save.BackupContext;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.VolumeException;
import dev.keg.moving.Arrival.Offer;
import dev.keg.moving.Arrival.State;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.MoveJournal.Manner;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.registry.lock.MoveLock;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Moves volumes to another host, and completes or undoes such moves. {@link MoveJournal} has the
 * states; each step on one host completes before the next one on the other.
 */
public final class Moving {
  private static final String OPERATION = "move";

  private final BackupContext context;
  private final MoveTools tools;
  private final TreeListener listener;

  public Moving(BackupContext context, MoveTools tools, TreeListener listener) {
    this.context = context;
    this.tools = tools;
    this.listener = listener;
  }

  /**
   * The result of a move.
   *
   * @param to where the volume is now
   * @param old the name of the copy that stays; empty if that is the volume itself
   * @param bytes the content bytes sent
   * @param held how long nobody could use the volume; zero if that was in an earlier run
   */
  public record Moved(
      String to, VolumeName name, Optional<VolumeName> old, long bytes, Duration held) {}

  /** Moves the volume; a second call continues where the last move stopped. */
  public Moved move(MoveRequest request) {
    VolumeName name = request.volume();
    try (MoveLock _ = lock(name)) {
      Optional<MoveJournal> found = begun(name);
      MoveDestination to = destination(request, found);
      MoveJournal journal =
          found.orElseGet(() -> begin(request, to)).withManner(manner(request, found));
      Volume volume = context.registry().get(OPERATION, name);
      boolean disk = OpenSource.isDisk(context, volume);
      try (OtherHost other = other(journal, volume, disk)) {
        if (journal.phase() == Phase.REVOKING && other.state(false) != State.ARRIVED) {
          throw new MoveFailed(
              name.text(),
              "its move to %s was being undone".formatted(journal.peer()),
              "`keg move --undo %s` completes that".formatted(name));
        }
        return journal.isLeaving()
            ? new Handover(context, journal, other).complete()
            : new Run(volume, request, journal, other).run(disk);
      }
    }
  }

  private MoveLock lock(VolumeName name) {
    context.registry().openForWriting();
    try (var _ = context.registry().lock().lock(name)) {
      var _ = context.registry().get(OPERATION, name);
      return MoveLock.take(OPERATION, name, context.registry().layout().home(name));
    }
  }

  /** Whether a move of the volume to another host has begun. */
  public boolean hasBegun(VolumeName name) {
    return begun(name).isPresent();
  }

  /** The journal of an unfinished move from here. */
  private Optional<MoveJournal> begun(VolumeName name) {
    Optional<MoveJournal> found =
        MoveJournal.read(context.registry().layout().home(name))
            .filter(journal -> journal.name().equals(name))
            .filter(journal -> journal.phase() != Phase.ARRIVED);
    if (found.filter(journal -> isArriving(journal.phase())).isPresent()) {
      MoveJournal.requireHere(OPERATION, name, context.registry().layout().home(name));
    }
    return found;
  }

  private static boolean isArriving(Phase phase) {
    return phase == Phase.ARRIVING || phase == Phase.READY;
  }

  private static MoveDestination destination(MoveRequest request, Optional<MoveJournal> found) {
    String name = request.volume().text();
    Optional<String> known = found.map(MoveJournal::peer);
    Optional<String> other =
        known.filter(peer -> request.to().filter(to -> !to.text().equals(peer)).isPresent());
    boolean renamed =
        found
            .filter(begun -> request.name().filter(n -> !n.equals(begun.peerName())).isPresent())
            .isPresent();
    if (other.isPresent() || renamed) {
      MoveJournal begun = found.orElseThrow();
      throw new MoveFailed(
          name,
          "it is already moving to %s as %s".formatted(begun.peer(), begun.peerName()),
          "`keg move %s` continues, `keg move --undo %s` gives that move up".formatted(name, name));
    }
    return request
        .to()
        .or(() -> known.map(MoveDestination::parse))
        .orElseThrow(
            () ->
                new MoveFailed(name, "no move has begun", "name the destination: ssh://USER@HOST"));
  }

  private MoveJournal begin(MoveRequest request, MoveDestination to) {
    VolumeName name = request.volume();
    return new MoveJournal(
        Phase.COPYING,
        HexFormat.of().toHexDigits(context.random().nextLong()),
        name,
        to.text(),
        request.name().orElse(name),
        Instant.EPOCH,
        Manner.UNKNOWN,
        MoveJournal.read(context.registry().layout().home(name))
            .filter(journal -> journal.phase() == Phase.ARRIVED)
            .map(MoveJournal::id));
  }

  /** The operator's options; a continuation without options uses the earlier ones. */
  private Manner manner(MoveRequest request, Optional<MoveJournal> found) {
    Optional<Manner> before = found.map(MoveJournal::manner);
    Optional<Manner> same = before.filter(_ -> request.to().isEmpty());
    return new Manner(
        tools.remote().or(() -> before.map(Manner::remote)).orElse(Manner.UNKNOWN.remote()),
        request.copy() || same.filter(Manner::copy).isPresent(),
        request.samePlace() || same.filter(Manner::samePlace).isPresent());
  }

  private OtherHost other(MoveJournal journal, Volume volume, boolean disk) {
    Volume whole = disk ? volume.toDiskBackup() : volume.toBackup();
    Volume described = journal.manner().copy() ? whole.withoutId() : whole;
    Volume masked = described.withOptions(context.services().drivers().masked(described));
    return new OtherHost(
        MoveDestination.parse(journal.peer()).program(journal.manner().remote(), tools.programs()),
        tools,
        new Offer(
            journal.id(),
            journal.peerName(),
            tools.host(),
            masked,
            volume.details().protection(),
            journal.manner().samePlace()),
        volume.name().text(),
        listener);
  }

  /** One run of a move whose volume is still here. */
  private final class Run {
    private final Volume volume;
    private final MoveRequest request;
    private final VolumeName name;
    private final OtherHost other;
    private MoveJournal journal;

    Run(Volume volume, MoveRequest request, MoveJournal journal, OtherHost other) {
      this.volume = volume;
      this.request = request;
      this.name = volume.name();
      this.journal = journal;
      this.other = other;
    }

    Moved run(boolean disk) {
      if (begun(name).isEmpty()) {
        // Ask first: a host that does not answer, or already has such a volume, leaves no trace
        // here.
        var _ = other.state(false);
      }
      write(journal.withPhase(Phase.COPYING));
      RestoreJournal.requireWhole(OPERATION, name, context.registry().layout().home(name));
      if (other.state(true) == State.ARRIVED) {
        return taken();
      }
      Transfer transfer = new Transfer(context, other, journal.since(), this::sent);
      if (!disk) {
        try (OpenSource source = OpenSource.files(context, name)) {
          transfer.whileInUse(source.tree());
        }
      }
      return held(transfer);
    }

    /**
     * Handles a volume that the other host already has: a copy was complete when its command was
     * killed, or an operator accepted the volume there.
     */
    private Moved taken() {
      if (!isCopy()) {
        throw new MoveFailed(
            name.text(),
            "%s already uses it, so it now exists twice".formatted(journal.peer()),
            "`keg move --undo %s` keeps both; or remove one".formatted(name));
      }
      end();
      return new Moved(journal.peer(), journal.peerName(), Optional.empty(), 0, Duration.ZERO);
    }

    private void sent(Instant since) {
      write(journal.withSince(since));
    }

    private void write(MoveJournal next) {
      try (var _ = context.registry().lock().lock(name)) {
        var _ = context.services().still(OPERATION, volume);
        next.write(context.registry());
        journal = next;
      }
    }

    private void end() {
      Moving.this.end(journal);
    }

    private boolean isCopy() {
      return journal.manner().copy();
    }

    private Moved held(Transfer transfer) {
      HoldCommands commands = new HoldCommands(request, tools, context.volumes());
      Moved moved;
      try {
        commands.before();
        moved = handOver(transfer);
      } catch (RuntimeException e) {
        // Only the move was interrupted, not putting the volume back into use.
        var _ = Thread.interrupted();
        try {
          stay(commands);
        } catch (VolumeException more) {
          e.addSuppressed(more);
        }
        throw e;
      }
      stay(commands);
      return moved;
    }

    private Moved handOver(Transfer transfer) {
      Instant from = context.clock().instant();
      try (OpenSource source =
          OpenSource.alone(context, name, () -> write(journal.withPhase(Phase.HELD)))) {
        transfer.pass(source.tree());
        transfer.requireSame(source.tree(), name.text());
        other.ready();
        if (!isCopy()) {
          write(journal.withPhase(Phase.LEAVING));
        }
      }
      Optional<VolumeName> old = cutOver();
      Duration held = Duration.between(from, context.clock().instant());
      return new Moved(journal.peer(), journal.peerName(), old, transfer.bytes(), held);
    }

    private Optional<VolumeName> cutOver() {
      other.publish();
      if (isCopy()) {
        end();
        return Optional.empty();
      }
      return Optional.of(new Handover(context, journal, other).retire());
    }

    /** Gives the volume back to its users, unless the other host may have it. */
    private void stay(HoldCommands commands) {
      Optional<Phase> phase = begun(name).map(MoveJournal::phase);
      if (phase.filter(Phase.HELD::equals).isPresent()) {
        write(journal.withPhase(Phase.COPYING));
      }
      boolean here = context.registry().find(name).isPresent();
      if (here && phase.filter(Phase.LEAVING::equals).isEmpty()) {
        commands.after();
      }
    }
  }

  /**
   * Cancels a move; the volume stays here.
   *
   * @param force whether to cancel even if the other host cannot be reached or has lost its copy;
   *     never if it has taken the volume
   * @return whether the copy there is deleted
   */
  public boolean undo(VolumeName name, boolean force) {
    try (MoveLock _ = lock(name)) {
      MoveJournal found =
          begun(name).orElseThrow(() -> new MoveFailed(name.text(), "no move has begun", null));
      MoveJournal journal =
          found.withManner(tools.remote().map(found.manner()::withRemote).orElse(found.manner()));
      boolean gone = false;
      try (OtherHost other = other(journal, context.registry().get(OPERATION, name), false)) {
        gone = new Handover(context, journal, other).revoke();
      } catch (MoveFailed e) {
        if (!force) {
          throw e;
        }
      }
      end(journal);
      return gone;
    }
  }

  private void end(MoveJournal journal) {
    try (var _ = context.registry().lock().lock(journal.name())) {
      journal.end(context.registry(), journal.name());
    }
  }
}
