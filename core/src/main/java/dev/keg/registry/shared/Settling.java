package dev.keg.registry.shared;

import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.error.RegistryException.StoreRefused;
import dev.keg.error.VolumeException;
import dev.keg.registry.Catalog;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.Unfinished;
import dev.keg.registry.pool.RootMarker;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Completes or reverts what a command has begun, so that the store and the files of this host
 * agree: at the end of the command itself, or in the next one if it was killed or disconnected.
 */
final class Settling {
  private final Member member;
  private final Catalog local;
  private final SharedRecords records;
  private final RegistryLock lock;
  private final Pending pending;

  Settling(Member member, Catalog local, SharedRecords records, RegistryLock lock) {
    this.member = member;
    this.local = local;
    this.records = records;
    this.lock = lock;
    this.pending = new Pending(member.pending(), member.sync());
  }

  Pending pending() {
    return pending;
  }

  /** Notes a command's intention, after settling an earlier one. */
  void begin(VolumeName name, Pending.Kind kind, String subject) {
    requirePart();
    settle(name);
    pending.begin(name, kind, subject);
  }

  /** Refuses a root that left the registry while this command ran or waited for a lock. */
  void requirePart() {
    if (RootMarker.read(member.layout().marker()).filter(RootMarker::shared).isEmpty()) {
      throw new NotShared("open", member.layout().root() + " has left the shared registry");
    }
  }

  /** Settles what commands have begun that no longer run. */
  void settleAll() {
    for (VolumeName name : pending.names()) {
      try {
        whileLocked(
            name,
            () ->
                other(name)
                    .ifPresentOrElse(
                        other -> whileLocked(other, () -> settle(name)), () -> settle(name)));
      } catch (CutOff | StoreRefused e) {
        member.debug("not settled yet: " + e.getMessage());
        return;
      } catch (VolumeException e) {
        // It must not keep this host from its other volumes.
        member.warn("an operation on volume " + name + " is incomplete: " + e.getMessage());
      }
    }
  }

  /**
   * Makes or updates this host's home of a volume on a server. The caller need not have the
   * volume's lock: of two first uses at once, the second waits and finds the home.
   */
  void prepareHome(Volume noted) {
    Optional<Volume> known =
        local
            .find(noted.name())
            .filter(volume -> hasId(volume, noted.details().id().text()))
            .filter(volume -> volume.drivenAs(noted).equals(volume));
    if (known.isEmpty()) {
      try (var _ = lock.lock(noted.name())) {
        local.prepareHome(noted);
      }
    }
  }

  /** Does the work unless another command is using the volume, which then settles it itself. */
  void whileLocked(VolumeName name, Runnable work) {
    Optional<RegistryLock.Held> held = lock.tryLock(name);
    if (held.isPresent()) {
      try (var _ = held.get()) {
        work.run();
      }
    }
  }

  /** The other name of a volume that is being renamed. */
  private Optional<VolumeName> other(VolumeName name) {
    return pending
        .find(name)
        .filter(change -> change.kind() == Pending.Kind.RENAME)
        .flatMap(change -> VolumeName.lookup(change.subject()));
  }

  /** Settles what was begun with the volume; the caller holds its lock. */
  void settle(VolumeName name) {
    Optional<Pending.BegunChange> change = pending.find(name);
    if (change.isEmpty()) {
      return;
    }
    requirePart();
    String subject = change.get().subject();
    switch (change.get().kind()) {
      case CREATE -> create(name, subject);
      case REMOVE -> remove(name, subject);
      case RENAME -> VolumeName.lookup(subject).ifPresent(to -> rename(name, to));
      case HOLDERS -> holders(name);
    }
    pending.end(name);
  }

  private void create(VolumeName name, String id) {
    if (records.current(name).filter(record -> hasId(record, id)).isPresent()) {
      holders(name);
    } else {
      removeHome(name, id);
    }
  }

  private static boolean hasId(SharedVolume record, String id) {
    return record.volume().details().id().text().equals(id);
  }

  // What the driver made stays: the record may still be on its way, and another host use the volume
  // then.
  private void removeHome(VolumeName name, String id) {
    Optional<Volume> home = local.find(name).filter(volume -> hasId(volume, id));
    if (home.isPresent()) {
      if (Unfinished.isNoted(member.layout().home(name))) {
        member.warn(
            ("the registry has no record of volume %s, so it is abandoned; what driver %s created for"
                    + " it outside of this host, with id %s, stays there")
                .formatted(name, home.get().driver(), id));
      }
      local.remove(List.of(name), Size.ZERO);
    }
  }

  // The home is deleted last, in one step: as long as it exists, the volume is not removed.
  void remove(VolumeName name, String id) {
    boolean kept = local.find(name).filter(volume -> hasId(volume, id)).isPresent();
    if (!kept) {
      records.delete(name, found -> hasId(found, id) && !found.isReady());
    } else if (records.current(name).isPresent()) {
      records.rewrite("keep", name, now -> hasId(now, id) ? now.kept() : now);
      holders(name);
    }
  }

  /** Completes or reverts a renaming that a lost host has begun. */
  void endRenaming(VolumeName from, VolumeName to) {
    try (var _ = lock.lock(from)) {
      rename(from, to);
    }
  }

  // The change of the old record decides: as long as it is ready, nothing has happened.
  void rename(VolumeName from, VolumeName to) {
    Optional<SharedVolume> before = records.current(from);
    Optional<SharedVolume> renamed =
        records
            .current(to)
            .filter(record -> record.renamedFrom().equals(from.text()) || hasLeft(before, record));
    if (renamed.isEmpty()) {
      records.delete(from, old -> old.hasLeftFor(to));
      holders(from);
      return;
    }
    String id = renamed.get().volume().details().id().text();
    Optional<SharedVolume> old = before.filter(record -> hasId(record, id));
    if (isLate(renamed.get(), old)) {
      records.delete(to, record -> hasId(record, id) && record.renamedFrom().equals(from.text()));
      return;
    }
    if (isKept(old, from, id)) {
      records.delete(to, record -> hasId(record, id) && record.renamedFrom().equals(from.text()));
      holders(from);
      return;
    }
    // Another host that uses the server gets a new home when it uses the new name.
    boolean own = !renamed.get().isEverywhere() || pending.find(from).isPresent();
    if (own && local.find(from).filter(volume -> hasId(volume, id)).isPresent()) {
      local.rename(from, to);
    }
    records.edit("rename", to, now -> hasId(now, id) ? now.renamedFrom("") : now);
    records.delete(from, record -> hasId(record, id) && !record.isReady());
  }

  private static boolean hasLeft(Optional<SharedVolume> before, SharedVolume record) {
    return before
        .filter(old -> old.isSame(record.volume()) && old.hasLeftFor(record.volume().name()))
        .isPresent();
  }

  /** Deletes a late name of a volume that had already got another one. */
  void dropLate(VolumeName from, VolumeName to) {
    Optional<SharedVolume> renamed =
        records.current(to).filter(record -> record.renamedFrom().equals(from.text()));
    if (renamed.isPresent() && isLate(renamed.get(), records.current(from))) {
      records.delete(to, record -> record.renamedFrom().equals(from.text()));
    }
  }

  private boolean isLate(SharedVolume renamed, Optional<SharedVolume> old) {
    return renamed.isLate(
        old, () -> records.list().stream().flatMap(entry -> entry.volume().stream()));
  }

  // After this, no delayed request of the renaming can change the record.
  private boolean isKept(Optional<SharedVolume> old, VolumeName name, String id) {
    return isReady(old, id)
        && isReady(Optional.of(records.rewrite("rename", name, UnaryOperator.identity())), id);
  }

  private static boolean isReady(Optional<SharedVolume> found, String id) {
    return found.filter(record -> record.isReady() && hasId(record, id)).isPresent();
  }

  private static boolean hasId(Volume volume, String id) {
    return volume.details().id().text().equals(id);
  }

  /**
   * Lists exactly the holders of this host that have files. Files that another volume of that name
   * left here are not holders of this one, but a record that already has them keeps them.
   */
  void holders(VolumeName name) {
    if (records.current(name).isEmpty()) {
      return;
    }
    List<Holder> here = member.holders(name);
    String id = here.isEmpty() ? "" : idHere(name);
    Set<String> files = here.stream().map(Holder::file).collect(Collectors.toSet());
    records.edit(
        "release",
        name,
        now -> {
          List<Holder> holders = new ArrayList<>(now.holders());
          holders.removeIf(
              holder -> holder.host().equals(member.host()) && !files.contains(holder.file()));
          for (Holder holder : here) {
            if (id.isEmpty() || hasId(now, id)) {
              holders = withOwn(name, holders, holder);
            }
          }
          return now.with(holders);
        });
  }

  // A home that does not name a volume counts as this one's.
  private String idHere(VolumeName name) {
    try {
      return local.find(name).map(volume -> volume.details().id().text()).orElse("");
    } catch (Damaged | Foreign _) {
      return "";
    }
  }

  // A host that was removed may come back with a holder whose place another one has now.
  private List<Holder> withOwn(VolumeName name, List<Holder> holders, Holder own) {
    List<Holder> others =
        holders.stream()
            .filter(other -> !other.host().equals(own.host()) && other.excludes(own))
            .toList();
    if (others.isEmpty()) {
      return replaced(holders, own);
    }
    member.warn(
        "volume %s is held here by %s, and the registry has given it to %s: stop one of them"
            .formatted(name, own.words(), others.getFirst().words()));
    return holders;
  }

  /** The holders with this one, replacing its earlier entry. */
  static List<Holder> replaced(List<Holder> holders, Holder holder) {
    List<Holder> replaced = new ArrayList<>(holders);
    replaced.removeIf(other -> other.is(holder.host(), holder.file()));
    replaced.add(holder);
    return replaced;
  }
}
