package dev.keg.moving;

import dev.keg.backup.save.BackupContext;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.MoveException.Taken;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.moving.Arrival.State;
import dev.keg.moving.Moving.Moved;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The end of a move: the other host takes the volume, and the copy here is renamed. */
record Handover(BackupContext context, MoveJournal journal, OtherHost other) {
  private static final Duration KEPT = Duration.ofDays(7);

  /** The limit for a name, so that a name with a suffix is valid as a file name. */
  private static final int LONGEST = 240;

  /** Hands over the volume; afterwards its name is free here. */
  Moved complete() {
    switch (other.state(false)) {
      case READY -> other.publish();
      case ARRIVED -> {}
      case ABSENT, ARRIVING -> throw lost();
    }
    return new Moved(journal.peer(), journal.peerName(), Optional.of(retire()), 0, Duration.ZERO);
  }

  private MoveFailed lost() {
    return new MoveFailed(
        journal.name().text(),
        journal.peer() + " no longer has the copy that it was sent",
        "if it was removed there by mistake, `keg move --undo --force %s` makes the copy here the"
                .formatted(journal.name())
            + " volume again");
  }

  /** Renames the copy here, now that the other host has the volume. */
  VolumeName retire() {
    VolumeName name = journal.name();
    VolumeName old = freeName(name);
    try (var _ = context.registry().lock().lock(name, old)) {
      if (context.registry().find(old).isPresent()) {
        throw new AlreadyExists("move", name.text(), old.text()); // created just now
      }
      Instant now = context.clock().instant();
      Volume volume = context.registry().get("move", name);
      String moved = "moved to %s on %s".formatted(journal.peer(), now.toString());
      Protection kept = new Protection.Until(now.plus(KEPT));
      context
          .services()
          .replace(
              volume,
              here ->
                  here.withDescription(moved)
                      .withProtection(here.details().protection().longer(kept)));
      context.registry().rename(name, old);
      journal.end(context.registry(), old);
    }
    return old;
  }

  private VolumeName freeName(VolumeName name) {
    String kept = name.text().substring(0, Math.min(name.text().length(), LONGEST));
    VolumeName free = new VolumeName(kept + "-moved");
    for (int i = 2; context.registry().find(free).isPresent(); i++) {
      free = new VolumeName(kept + "-moved-" + i);
    }
    return free;
  }

  /** Revokes what the other host has not taken yet; returns whether it has nothing now. */
  boolean revoke() {
    State state = other.state(false);
    if (state == State.ARRIVED) {
      if (journal.isLeaving()) {
        throw new Taken(journal.name().text(), journal.peer());
      }
      return false; // an operator accepted it there without this host's consent, so it stays
    }
    if (state == State.ABSENT && journal.phase() == Phase.LEAVING) {
      throw lost();
    }
    if (journal.isLeaving()) {
      // An earlier message may still make the other host take it, so nobody may use it until that
      // host has deleted its copy.
      try (var _ = context.registry().lock().lock(journal.name())) {
        journal.withPhase(Phase.REVOKING).write(context.registry());
      }
    }
    other.discard();
    return true;
  }
}
