package dev.keg.registry.journal;

import dev.keg.error.MoveException.BeingMoved;
import dev.keg.error.MoveException.MovedAway;
import dev.keg.error.MoveException.NotArrived;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.AtomicFile;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.lock.MoveLock;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code move.json}: how far a volume's move to another host has come. Both hosts have one, and
 * together they say where the volume is:
 *
 * <pre>
 * here               there            the volume is
 * –, COPYING, HELD   –, ARRIVING      here
 * COPYING, HELD      READY            here
 * LEAVING            READY            nowhere, until the next command completes or undoes the move
 * REVOKING           READY, –         nowhere, until the next command has undone the move
 * LEAVING, REVOKING  ARRIVED          there
 * renamed            ARRIVED          there
 * </pre>
 *
 * <p>Each row becomes the next by one rename on one of the two hosts. A volume that has another
 * name than its journal is an old copy.
 *
 * @param id of the move, the same on both hosts
 * @param name of the volume on this host
 * @param peer the other host: its address, or its name
 * @param peerName the volume's name there
 * @param since files that changed before are on the other host as they are here
 * @param manner how the source moves it
 * @param came the move that brought the volume here before it began to leave
 */
public record MoveJournal(
    Phase phase,
    String id,
    VolumeName name,
    String peer,
    VolumeName peerName,
    Instant since,
    Manner manner,
    Optional<String> came) {
  private static final String FILE = "move.json";
  private static final long SCHEMA = 1;

  /** How far it has come. */
  public enum Phase {
    /** Files are copied to the other host, and the volume is here and in use. */
    COPYING,
    /** The same, and nobody may begin to use the volume while the process lives. */
    HELD,
    /** The other host has all, and may take it. */
    LEAVING,
    /** The other host may not take it any more, and is to delete what it has. */
    REVOKING,
    /** Files are copied from the other host. */
    ARRIVING,
    /** Everything is here, and the volume is still the other host's. */
    READY,
    /** The volume is here. */
    ARRIVED
  }

  /**
   * What the operator said of a move, which holds until it ends.
   *
   * @param remote how Keg is called on the other host
   * @param copy whether the volume stays here as well
   * @param samePlace whether its options may name places of the other host
   */
  public record Manner(String remote, boolean copy, boolean samePlace) {
    /** Of what arrives, its source knows. */
    public static final Manner UNKNOWN = new Manner("keg", false, false);

    public Manner withRemote(String newRemote) {
      return new Manner(newRemote, copy, samePlace);
    }
  }

  public MoveJournal withPhase(Phase newPhase) {
    return new MoveJournal(newPhase, id, name, peer, peerName, since, manner, came);
  }

  public MoveJournal withSince(Instant newSince) {
    return new MoveJournal(phase, id, name, peer, peerName, newSince, manner, came);
  }

  public MoveJournal withManner(Manner newManner) {
    return new MoveJournal(phase, id, name, peer, peerName, since, newManner, came);
  }

  private MoveJournal withName(VolumeName newName) {
    return new MoveJournal(phase, id, newName, peer, peerName, since, manner, came);
  }

  /** Whether the other host may have the volume. */
  public boolean isLeaving() {
    return phase == Phase.LEAVING || phase == Phase.REVOKING;
  }

  /** Whether that move brought the volume here, whatever became of it since. */
  public boolean hasTaken(String move) {
    return came.equals(Optional.of(move)) || (phase == Phase.ARRIVED && id.equals(move));
  }

  public static Optional<MoveJournal> read(VolumeHome home) {
    Path file = file(home);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      MoveJournal read =
          new MoveJournal(
              Phase.valueOf(json.text("phase")),
              json.text("id"),
              name(json.text("name")),
              json.text("peer"),
              name(json.text("peer-name")),
              Instant.parse(json.text("since")),
              new Manner(
                  json.optionalText("remote").orElse(Manner.UNKNOWN.remote()),
                  json.has("copy") && json.truth("copy"),
                  json.has("same-place") && json.truth("same-place")),
              json.optionalText("came"));
      json.end();
      return Optional.of(read);
    } catch (InvalidDocument | IllegalArgumentException | DateTimeException e) {
      throw new FileFailure("read", file.toString(), "damaged: " + e.getMessage(), e);
    }
  }

  private static VolumeName name(String text) throws InvalidDocument {
    return VolumeName.lookup(text).orElseThrow(() -> new InvalidDocument("no volume's name"));
  }

  private byte[] bytes() {
    JsonObject json =
        JsonObject.ofSchema(SCHEMA)
            .put("id", id)
            .put("name", name.text())
            .put("peer", peer)
            .put("peer-name", peerName.text())
            .put("phase", phase.name())
            .put("remote", manner.remote())
            .put("since", since.toString())
            .ifTrue("copy", manner.copy())
            .ifTrue("same-place", manner.samePlace());
    came.ifPresent(move -> json.put("came", move));
    return json.bytes();
  }

  private static Path file(VolumeHome home) {
    return home.file(FILE);
  }

  /** Writes it beside a volume; the caller holds the volume's lock. */
  public void write(VolumeRegistry registry) {
    VolumeHome home = registry.layout().home(name);
    registry.files().write(name, home.path(), FILE, bytes());
  }

  /** Writes it into the home of a volume that nobody sees yet. */
  public void writeInto(VolumeHome staged) {
    Path file = file(staged);
    FileFailures.run("write", file, () -> AtomicFile.writeNew(file, bytes()));
  }

  /**
   * Ends the move of a volume that stays on this host under this name; what is left is that an
   * earlier move brought it. The caller holds the volume's lock.
   */
  public void end(VolumeRegistry registry, VolumeName volume) {
    if (came.isPresent()) {
      String before = came.get();
      new MoveJournal(
              Phase.ARRIVED,
              before,
              volume,
              peer,
              peerName,
              since,
              Manner.UNKNOWN,
              Optional.empty())
          .write(registry);
    } else {
      registry.files().erase(volume, registry.layout().home(volume).path(), FILE);
    }
  }

  /**
   * Prepares for a new name of a volume that is here: a move that has begun continues under it, and
   * an old copy of a volume that has moved becomes a volume. The caller holds the locks of both.
   */
  public static void rename(VolumeRegistry registry, VolumeName from, VolumeName to) {
    VolumeHome home = registry.layout().home(from);
    Optional<MoveJournal> found = read(home).filter(journal -> journal.phase != Phase.ARRIVED);
    if (found.isEmpty()) {
      return;
    }
    MoveJournal journal = found.get();
    if (!journal.concerns(from)) {
      journal.end(registry, from);
      return;
    }
    if (MoveLock.isTaken(home)) {
      throw new BeingMoved("rename", from.text());
    }
    registry.files().write(from, home.path(), FILE, journal.withName(to).bytes());
  }

  /** Whether it is about the volume of this name, not one that was renamed when it had moved. */
  private boolean concerns(VolumeName volume) {
    return name.equals(volume);
  }

  /** Whether a move to or from another host has begun and not ended. */
  public static boolean isMoving(VolumeName volume, VolumeHome home) {
    return read(home)
        .filter(journal -> journal.concerns(volume) && journal.phase != Phase.ARRIVED)
        .isPresent();
  }

  /**
   * Refuses a volume that is not here: one that is archived or has not arrived, one that may be on
   * the other host already, and one that a running move holds.
   */
  public static void requireHere(String operation, VolumeName volume, VolumeHome home) {
    ArchivedVolume.requireNone(operation, volume, home);
    Optional<MoveJournal> found = read(home).filter(journal -> journal.concerns(volume));
    found
        .filter(journal -> journal.phase == Phase.ARRIVING || journal.phase == Phase.READY)
        .ifPresent(
            journal -> {
              throw new NotArrived(operation, volume.text(), journal.peer);
            });
    requireNotLeaving(operation, volume, home, found);
  }

  /** Refuses to remove what may be the only copy that anybody may use. */
  public static void requireNotLeaving(String operation, VolumeName volume, VolumeHome home) {
    requireNotLeaving(
        operation, volume, home, read(home).filter(journal -> journal.concerns(volume)));
  }

  private static void requireNotLeaving(
      String operation, VolumeName volume, VolumeHome home, Optional<MoveJournal> found) {
    Optional<Phase> phase = found.map(MoveJournal::phase);
    if (found.filter(MoveJournal::isLeaving).isPresent()) {
      throw new MovedAway(operation, volume.text(), found.orElseThrow().peer);
    }
    boolean held = phase.filter(Phase.HELD::equals).isPresent() && MoveLock.isTaken(home);
    if (held || MoveLock.isHeld(home)) {
      throw new BeingMoved(operation, volume.text());
    }
  }
}
