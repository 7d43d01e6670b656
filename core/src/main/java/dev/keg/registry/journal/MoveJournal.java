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
 * {@code move.json}: the state of a volume's move to another host. Both hosts have one, and
 * together they determine where the volume is:
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
 * <p>Each row becomes the next by one rename on one of the two hosts. A volume with another name
 * than its journal is an old copy.
 *
 * @param id the id of the move, the same on both hosts
 * @param name the name of the volume on this host
 * @param peer the other host: its address, or its name
 * @param peerName the volume's name there
 * @param since files that last changed before this time are the same on both hosts
 * @param manner the operator's choices for the move
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

  /** The state of the move. */
  public enum Phase {
    /** Files are copied to the other host, while the volume is here and in use. */
    COPYING,
    /** The same, but nobody may start to use the volume while the process lives. */
    HELD,
    /** The other host has everything, and may take the volume. */
    LEAVING,
    /** The other host may no longer take the volume, and must delete its copy. */
    REVOKING,
    /** Files are copied from the other host. */
    ARRIVING,
    /** Everything is here, but the volume still belongs to the other host. */
    READY,
    /** The volume is here. */
    ARRIVED
  }

  /**
   * The operator's choices for a move, which apply until it ends.
   *
   * @param remote the command line of Keg on the other host
   * @param copy whether the volume also stays here
   * @param samePlace whether its options may refer to paths of the other host
   */
  public record Manner(String remote, boolean copy, boolean samePlace) {
    /** For an arriving volume; its source knows the choices. */
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

  /** Whether that move brought the volume here, whatever happened to it since. */
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

  /** Writes it into the home of an unpublished volume. */
  public void writeInto(VolumeHome staged) {
    Path file = file(staged);
    FileFailures.run("write", file, () -> AtomicFile.writeNew(file, bytes()));
  }

  /**
   * Ends the move of a volume that stays on this host under this name; keeps the record that an
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
   * Prepares for renaming a volume: a move that has begun continues under the new name, and an old
   * copy of a moved volume becomes an ordinary volume. The caller holds the locks of both.
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

  /**
   * Whether it is about the volume of this name, rather than one that was renamed after its move.
   */
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
   * Refuses a volume that is not here: an archived one, one that has not arrived or that the other
   * host may have already, and one that a running move holds.
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

  /** Refuses to remove what may be the only usable copy. */
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
