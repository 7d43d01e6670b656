package dev.keg.registry;

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
 * LEAVING            ARRIVED          there
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
 */
public record MoveJournal(
    Phase phase, String id, VolumeName name, String peer, VolumeName peerName, Instant since) {
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
    /** Files are copied from the other host. */
    ARRIVING,
    /** Everything is here, and the volume is still the other host's. */
    READY,
    /** The volume is here. */
    ARRIVED
  }

  public MoveJournal withPhase(Phase newPhase) {
    return new MoveJournal(newPhase, id, name, peer, peerName, since);
  }

  public MoveJournal withSince(Instant newSince) {
    return new MoveJournal(phase, id, name, peer, peerName, newSince);
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
              Instant.parse(json.text("since")));
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
    return JsonObject.ofSchema(SCHEMA)
        .put("id", id)
        .put("name", name.text())
        .put("peer", peer)
        .put("peer-name", peerName.text())
        .put("phase", phase.name())
        .put("since", since.toString())
        .bytes();
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

  /** Deletes the journal of a volume, if it has one; the caller holds the volume's lock. */
  public static void erase(VolumeRegistry registry, VolumeName volume) {
    VolumeHome home = registry.layout().home(volume);
    if (Files.exists(file(home))) {
      registry.files().erase(volume, home.path(), FILE);
    }
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
   * Refuses a volume that is not here: one that has not arrived, one that may be on the other host
   * already, and one that a running move holds.
   */
  public static void requireHere(String operation, VolumeName volume, VolumeHome home) {
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
    if (phase.filter(Phase.LEAVING::equals).isPresent()) {
      throw new MovedAway(operation, volume.text(), found.orElseThrow().peer);
    }
    if (phase.filter(Phase.HELD::equals).isPresent() && MoveLock.isTaken(home)) {
      throw new BeingMoved(operation, volume.text());
    }
  }
}
