package dev.keg.registry.shared;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.VolumeFile;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The record of a volume, {@code volumes/NAME.json}:
 *
 * <pre>
 * {"schema":1,"serial":7,"writer":"&lt;host>-9c1f…","home":"&lt;host>","state":"ready","renamedFrom":"",
 *  "holders":[{"document":"{…}","file":"….json","host":"…","hostName":"web1"}],
 *  "created":"…","description":"", … as in volume.json}
 * </pre>
 *
 * <p>The serial grows with each write and the writer is random, so no two writes are equal.
 *
 * @param home the host that has the data; {@link #EVERYWHERE} if every host can access it
 * @param renamedFrom the old name, whose record must still be deleted; in the old record itself,
 *     the new name; otherwise empty
 * @param writer the host that wrote it, and a random number; empty in one that is not written yet
 */
record SharedVolume(
    Volume volume,
    String home,
    State state,
    String renamedFrom,
    List<Holder> holders,
    long serial,
    String writer) {
  static final String EVERYWHERE = "*";
  static final String FOLDER = "volumes/";

  private static final long SCHEMA = 1;
  private static final String ENDING = ".json";

  SharedVolume {
    holders = List.copyOf(holders);
  }

  /** The state of the volume. */
  enum State {
    READY,
    /** Its data is being deleted; nobody sees it any more. */
    REMOVING,
    /** It was removed, but the store cannot delete records safely. */
    GONE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State parse(String text) throws InvalidDocument {
      for (State state : values()) {
        if (state.text().equals(text)) {
          return state;
        }
      }
      throw new InvalidDocument("unknown state \"" + text + "\"");
    }
  }

  static SharedVolume of(Volume volume, String host, UsableOn usableOn) {
    String home = usableOn == UsableOn.EVERY_HOST ? EVERYWHERE : host;
    return new SharedVolume(volume, home, State.READY, "", List.of(), 0, "");
  }

  boolean isEverywhere() {
    return home.equals(EVERYWHERE);
  }

  boolean isReady() {
    return state == State.READY;
  }

  boolean isSame(Volume other) {
    return volume.details().id().equals(other.details().id());
  }

  SharedVolume with(Volume changed) {
    return new SharedVolume(changed, home, state, renamedFrom, holders, serial, writer);
  }

  SharedVolume with(List<Holder> others) {
    return new SharedVolume(volume, home, state, renamedFrom, others, serial, writer);
  }

  /** Reverts a removal, unless it was renamed or is gone. */
  SharedVolume kept() {
    return state == State.REMOVING && renamedFrom.isEmpty()
        ? new SharedVolume(volume, home, State.READY, "", holders, serial, writer)
        : this;
  }

  SharedVolume removing() {
    return new SharedVolume(volume, home, State.REMOVING, "", holders, serial, writer);
  }

  /** Records that it has another name from now on. */
  SharedVolume removingFor(VolumeName newName) {
    return removing().renamedFrom(newName.text());
  }

  /**
   * Whether the volume has this name. If a renaming was killed, the old name counts; a record that
   * arrived after its command had given up does not count at all.
   *
   * @param old the record of the old name, if it exists
   * @param all the records of all volumes
   */
  boolean counts(Optional<SharedVolume> old, Supplier<Stream<SharedVolume>> all) {
    if (!isReady() || renamedFrom.isEmpty()) {
      return isReady();
    }
    return old.filter(before -> before.isSame(volume) && before.state() != State.GONE)
        .map(before -> !before.isReady() && before.isRenamedTo(volume.name()))
        .orElseGet(() -> isAlone(all.get()));
  }

  /**
   * Whether the volume has already got another name instead of the old one, so that this record
   * does not count and never will.
   *
   * @param old the record of the old name, if it exists
   * @param all the records of all volumes
   */
  boolean isLate(Optional<SharedVolume> old, Supplier<Stream<SharedVolume>> all) {
    return isReady()
        && !counts(old, all)
        && old.filter(before -> before.isSame(volume) && before.isReady()).isEmpty();
  }

  /**
   * The host that has begun to remove or rename a volume on a server. If it never comes back, only
   * another host can end that.
   */
  Optional<String> begunBy() {
    boolean begun = state == State.REMOVING || (isReady() && !renamedFrom.isEmpty());
    return isEverywhere() && begun
        ? Optional.of(writer.substring(0, Math.max(0, writer.lastIndexOf('-'))))
        : Optional.empty();
  }

  /** Whether the volume has left this name for that one. */
  boolean hasLeftFor(VolumeName name) {
    return state == State.REMOVING && renamedFrom.equals(name.text());
  }

  // An older version does not record the name.
  private boolean isRenamedTo(VolumeName name) {
    return renamedFrom.isEmpty() || renamedFrom.equals(name.text());
  }

  /** Whether no other record has the volume; one that is being removed may be kept. */
  private boolean isAlone(Stream<SharedVolume> all) {
    return all.filter(other -> other.state() != State.GONE)
        .filter(other -> other.isSame(volume))
        .allMatch(other -> other.volume().name().equals(volume.name()));
  }

  SharedVolume gone() {
    return new SharedVolume(volume, home, State.GONE, "", List.of(), serial, writer);
  }

  SharedVolume renamedFrom(String name) {
    return new SharedVolume(volume, home, state, name, holders, serial, writer);
  }

  static String key(VolumeName name) {
    return FOLDER + name + ENDING;
  }

  /** The name of the volume with the record at this key, if the key is valid. */
  static Optional<VolumeName> name(String key) {
    return key.endsWith(ENDING)
        ? VolumeName.lookup(key.substring(FOLDER.length(), key.length() - ENDING.length()))
        : Optional.empty();
  }

  /** The text to write after this was read and changed. */
  String next(String writer) {
    return JsonObject.ofSchema(SCHEMA)
        .put("serial", serial + 1)
        .put("writer", writer)
        .put("home", home)
        .put("state", state.text())
        .put("renamedFrom", renamedFrom)
        .objects("holders", holders.stream().map(Holder::json).toList())
        .and(VolumeFile.fields(volume))
        .line();
  }

  static SharedVolume read(VolumeName name, String text) {
    String key = key(name);
    try {
      JsonDocument json = JsonDocument.read(key, SCHEMA, text.getBytes(StandardCharsets.UTF_8));
      String writer = json.text("writer");
      List<Holder> holders = new ArrayList<>();
      for (JsonDocument holder : json.documents("holders")) {
        holders.add(Holder.read(holder));
      }
      SharedVolume read =
          new SharedVolume(
              VolumeFile.read(name, json),
              json.text("home"),
              State.parse(json.text("state")),
              json.text("renamedFrom"),
              holders,
              json.number("serial"),
              writer);
      json.end();
      return read;
    } catch (InvalidDocument | DateTimeException | IllegalArgumentException e) {
      throw new Damaged(name.text(), key, String.valueOf(e.getMessage()));
    }
  }
}
