package dev.keg.backup.replica;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.ByteRanges;
import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.backup.repository.rest.Copied;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Presence;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Copies data objects between repositories under the same names. Until their backup exists, others
 * delete what only it needs as soon as a rest replaces it. So an object is copied itself only if
 * the target has no rest of it, and otherwise as the newest rest; of the source's rests, the newest
 * stands for an object that is gone, and all others become patches, which replace nothing.
 */
public final class ObjectCopies {
  private static final int AT_ONCE = 1 << 20;

  private final Repository from;
  private final Repository to;
  private final LongConsumer advanced;
  private final Presence source;
  private final Presence target;
  private final Set<String> sourceRests;
  private final Set<String> targetRests;
  private final Map<String, Instant> damaged;
  private final Map<ObjectName, Set<ObjectName>> copied = new HashMap<>();
  private final Set<ObjectName> settled = new HashSet<>();
  private final Set<ObjectName> tombstones;

  /** Reads the current state of both repositories. */
  public ObjectCopies(Repository from, Repository to, LongConsumer advanced) {
    this.from = from;
    this.to = to;
    this.advanced = advanced;
    tombstones = to.rests().tombstones(); // must precede all other reads
    source = new Presence(from.store());
    target = new Presence(to.store());
    sourceRests = ids(from.rests().all().stream());
    targetRests = ids(to.rests().all().stream().filter(rest -> Rest.isSuccessor(rest.name())));
    damaged = to.rests().damaged();
  }

  private static Set<String> ids(Stream<StoredObject> rests) {
    return rests.map(rest -> Rest.id(rest.name())).collect(Collectors.toSet());
  }

  /** Copies the objects that the target does not have whole and without a rest. */
  public Copied copy(Collection<DataObject> objects) {
    return StoreFailures.translate(
        () -> {
          Set<ObjectName> found = new HashSet<>();
          Map<ObjectName, Set<ObjectName>> others = new HashMap<>();
          for (DataObject object : objects) {
            Set<ObjectName> places = isSettled(object) ? Set.of() : places(object);
            if (places.isEmpty()) {
              found.add(object.name());
            } else {
              others.put(object.name(), places);
            }
          }
          return new Copied(found, others, tombstones);
        });
  }

  /**
   * Whether the target's object suffices. One that was repacked, or will be, may lack parts that
   * only the new backup needs; a damaged one is useless.
   */
  private boolean isSettled(DataObject object) throws StoreException {
    if (settled.contains(object.name())) {
      return true;
    }
    boolean is =
        !copied.containsKey(object.name())
            && !targetRests.contains(Rest.id(object.name()))
            && !damaged.containsKey(Rest.id(object.name()))
            && target.size(object.name()).filter(object.size()::equals).isPresent()
            && hasItsIndex(object);
    if (is) {
      settled.add(object.name());
    }
    return is;
  }

  /** Compares the indexes: another archive may have the same size, and so does a damaged one. */
  private boolean hasItsIndex(DataObject object) {
    String name = object.name().text();
    StoredArchives alone = new StoredArchives(to.store(), Map.of(name, object));
    try (Archive archive = Archive.open(name, alone)) {
      return RecordComparison.digest(archive).equals(object.digest());
    } catch (InvalidArchive _) {
      return false;
    }
  }

  /** Where the target has the object once it is copied; empty if somebody else copied it first. */
  private Set<ObjectName> places(DataObject object) throws StoreException {
    Set<ObjectName> known = copied.get(object.name());
    if (known != null) {
      return known;
    }
    Set<ObjectName> places = copy(object);
    copied.put(object.name(), places);
    return places;
  }

  private Set<ObjectName> copy(DataObject object) throws StoreException {
    ObjectName name = object.name();
    List<Rest> rests = sourceRests.contains(Rest.id(name)) ? from.rests().of(name) : List.of();
    boolean isThere = isThere(object);
    if (source.size(name).filter(object.size()::equals).isEmpty()) {
      return copyRests(object, rests);
    }
    if (isThere || targetRests.contains(Rest.id(name))) {
      ObjectName beside = copyBeside(object);
      // Last, since the rest may replace older ones.
      return with(beside, copyPatches(object, rests));
    }
    // First, since a later run finds that the object suffices.
    Set<ObjectName> patches = copyPatches(object, rests);
    return isCopiedWhole(object) ? with(name, patches) : Set.of();
  }

  private static Set<ObjectName> with(ObjectName one, Set<ObjectName> others) {
    Set<ObjectName> all = new HashSet<>(others);
    all.add(one);
    return all;
  }

  private boolean isThere(DataObject object) throws StoreException {
    Optional<Size> there = target.size(object.name());
    if (there.filter(size -> !size.equals(object.size())).isPresent()) {
      throw new InvalidArchive(
          to.address(),
          object.name().text(),
          "it has %d bytes instead of %d".formatted(there.get().bytes(), object.size().bytes()),
          "`keg verify --repo %s` shows which backups are affected".formatted(to.address()));
    }
    return there.isPresent();
  }

  private Set<ObjectName> copyRests(DataObject object, List<Rest> rests) throws StoreException {
    Rest newest =
        rests.stream()
            .filter(rest -> Rest.isSuccessor(rest.object().name()))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidArchive(
                        from.address(),
                        object.name().text(),
                        "it is missing",
                        "`keg verify --repo %s` shows which backups are affected"
                            .formatted(from.address())));
    Optional<ObjectName> lasting = lasting(object.name(), successor(newest.content()));
    ObjectName base =
        lasting.isPresent() ? lasting.get() : copy(newest.object(), to.rests().next(object.name()));
    return with(
        base,
        copyPatches(
            object,
            rests.stream().filter(rest -> !rest.object().equals(newest.object())).toList()));
  }

  /**
   * Copies rests and patches as patches, unless they were copied before. Other rests with the same
   * parts do not count: the parts of the source's object may be damaged, and these mend them.
   */
  private Set<ObjectName> copyPatches(DataObject object, List<Rest> rests) throws StoreException {
    Set<ObjectName> patches = new HashSet<>();
    for (Rest rest : rests.reversed()) {
      Optional<ObjectName> lasting = lasting(object.name(), other -> isCopy(rest, other));
      patches.add(
          lasting.isPresent()
              ? lasting.get()
              : copy(rest.object(), to.rests().nextPatch(object.name())));
    }
    return patches;
  }

  private ObjectName copy(StoredObject rest, ObjectName name) throws StoreException {
    try (PendingObject copy = to.rests().begin(name, rest.size())) {
      stream(rest.name(), rest.size(), copy);
      copy.publish();
    }
    return name;
  }

  private boolean isCopiedWhole(DataObject object) throws StoreException {
    try (PendingObject copy = to.store().create(object.name(), object.size())) {
      stream(object.name(), object.size(), copy);
      copy.publish();
      return true;
    } catch (StoreException.AlreadyExists _) {
      return false;
    }
  }

  /** Copies all parts as a rest, unless there is one. */
  private ObjectName copyBeside(DataObject object) throws StoreException {
    ObjectName name = object.name();
    long length = object.size().bytes();
    ByteRanges all = ByteRanges.of(List.of(new Range(0, length)));
    Optional<ObjectName> lasting = lasting(name, successor(new Needed(all, List.of())));
    if (lasting.isPresent()) {
      return lasting.get();
    }
    ObjectName rest = to.rests().next(name);
    try (PendingObject copy = to.rests().begin(rest, new Size(Rest.size(all)))) {
      stream(name, object.size(), copy);
      write(copy, Rest.end(length, all));
      copy.publish();
    }
    return rest;
  }

  private static Predicate<Rest> successor(Needed parts) {
    return rest -> rest.succeedsWith(parts);
  }

  private static boolean isCopy(Rest rest, Rest patch) {
    return !Rest.isSuccessor(patch.object().name())
        && patch.object().size().equals(rest.object().size())
        && patch.parts().equals(rest.parts())
        && patch.thinned().equals(rest.thinned());
  }

  /**
   * A fitting rest at the target in which no damage was found since, and which no newer one may
   * replace: an earlier run may have left it.
   */
  private Optional<ObjectName> lasting(ObjectName object, Predicate<Rest> fits)
      throws StoreException {
    Instant found = damaged.getOrDefault(Rest.id(object), Instant.MIN);
    List<Rest> readable = to.rests().of(object);
    for (StoredObject listed :
        to.store().list(Rest.folder(object)).stream().sorted(Rest.NEWEST_FIRST).toList()) {
      boolean has =
          readable.stream().anyMatch(rest -> rest.object().equals(listed) && fits.test(rest));
      if (has && listed.stored().isAfter(found)) {
        return Optional.of(listed.name());
      }
      if (Rest.isSuccessor(listed.name())) {
        break;
      }
    }
    return Optional.empty();
  }

  private void stream(ObjectName name, Size size, PendingObject copy) throws StoreException {
    byte[] bytes = new byte[AT_ONCE];
    try (InputStream in = from.store().open(name)) {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        copy.write(bytes, 0, count);
        advanced.accept(count);
      }
    } catch (IOException e) {
      throw StoreException.of(e);
    }
    if (!copy.size().equals(size)) {
      throw new InvalidArchive(
          from.address(),
          name.text(),
          "it has %d bytes instead of %d".formatted(copy.size().bytes(), size.bytes()));
    }
  }

  private static void write(PendingObject copy, byte[] bytes) throws StoreException {
    try {
      copy.write(bytes, 0, bytes.length);
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }
}
