package dev.keg.registry.shared;

import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.ChangedMeanwhile;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.registry.Catalog;
import dev.keg.registry.Parallel;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.shared.SharedRecords.Entry;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The volumes of all hosts. The store lists them; this host's root has the data of those that are
 * here. Each change is noted before it is made, so that the next command can complete it.
 */
final class SharedCatalog implements Catalog {
  private static final String HIDDEN =
      "another host has begun to remove or rename it: `keg registry check` tells how to end that";

  private final Member member;
  private final Catalog local;
  private final SharedRecords records;
  private final Acceptance acceptance;
  private final Pending pending;
  private final Settling settling;
  private final Holding holding;

  SharedCatalog(
      Member member,
      Catalog local,
      SharedRecords records,
      Acceptance acceptance,
      Settling settling) {
    this.member = member;
    this.local = local;
    this.records = records;
    this.acceptance = acceptance;
    this.pending = settling.pending();
    this.settling = settling;
    this.holding = new Holding(member, records, settling);
  }

  @Override
  public Optional<Volume> find(VolumeName name) {
    return records.find(name).filter(found -> isVolume(name, found)).map(acceptance::volume);
  }

  private boolean isVolume(VolumeName name, SharedVolume found) {
    return found.counts(
        VolumeName.lookup(found.renamedFrom())
            .filter(old -> !old.equals(name))
            .flatMap(records::find),
        () -> volumes(records.list().stream()));
  }

  private static Stream<SharedVolume> volumes(Stream<Entry> entries) {
    return entries.flatMap(entry -> entry.volume().stream());
  }

  @Override
  public List<RegistryEntry> list() {
    return Parallel.stream(listed()).flatMap(entry -> entry(entry).stream()).toList();
  }

  // Not the cached copy: another host may have got a volume since.
  @Override
  public boolean has(VolumeId id) {
    return volumes(records.currentList().stream())
        .anyMatch(
            found ->
                found.state() != SharedVolume.State.GONE
                    && found.volume().details().id().equals(id));
  }

  /** The records that count, in docker's order, and those that are unreadable. */
  private List<Entry> listed() {
    Map<String, Entry> entries =
        records.list().stream()
            .collect(
                Collectors.toMap(
                    Entry::name,
                    Function.identity(),
                    // A foreign entry may have the same name as a volume.
                    (one, other) -> one.volume().isPresent() ? one : other));
    return VolumeName.inOrder(List.copyOf(entries.keySet())).stream()
        .map(entries::get)
        .filter(
            entry ->
                entry
                    .volume()
                    .map(found -> isListed(found, entries))
                    .orElse(entry.problem().isPresent()))
        .toList();
  }

  private static boolean isListed(SharedVolume found, Map<String, Entry> entries) {
    return found.counts(
        Optional.ofNullable(entries.get(found.renamedFrom())).flatMap(Entry::volume),
        () -> volumes(entries.values().stream()));
  }

  private Optional<RegistryEntry> entry(Entry entry) {
    try {
      return entry
          .problem()
          .<RegistryEntry>map(problem -> new RegistryEntry.Broken(entry.name(), problem))
          .or(() -> entry.volume().map(acceptance::volume).map(RegistryEntry.Intact::new));
    } catch (VolumeException e) {
      return Optional.of(new RegistryEntry.Broken(entry.name(), e));
    }
  }

  @Override
  public List<VolumeName> names() {
    return listed().stream().flatMap(entry -> VolumeName.lookup(entry.name()).stream()).toList();
  }

  @Override
  public void publish(Volume volume, VolumeHome staged, UsableOn usableOn) {
    VolumeName name = volume.name();
    local.clearHome("create", name);
    if (usableOn == UsableOn.EVERY_HOST) {
      Path mark = member.layout().onServer(staged);
      FileFailures.run("create " + name, mark, () -> Files.createFile(mark));
    }
    settling.begin(name, Pending.Kind.CREATE, volume.details().id().text());
    local.publish(volume, staged, usableOn);
    SharedVolume made = SharedVolume.of(volume, member.host(), usableOn).with(member.holders(name));
    if (!records.create(name, made)) {
      settling.settle(name);
      throw taken("create", name, name);
    }
    pending.end(name);
  }

  @Override
  public void replace(Volume read, UnaryOperator<Volume> change) {
    VolumeName name = read.name();
    Volume driven = change.apply(read);
    var _ =
        records.edit(
            "update",
            name,
            now -> {
              if (!now.isReady() || !now.isSame(read)) {
                throw new NotFound("update", name.text());
              }
              Volume changed = change.apply(now.volume());
              return now.with(acceptance.isHome(now) ? changed.drivenAs(driven) : changed);
            });
    // This host's file does not contain changes by other hosts.
    acceptance
        .own(read)
        .ifPresent(own -> local.replace(own, known -> change.apply(known).drivenAs(driven)));
  }

  @Override
  public Optional<Volume> own(Volume volume) {
    return acceptance.made(volume);
  }

  @Override
  public void rename(VolumeName from, VolumeName to) {
    local.clearHome("rename", to);
    SharedVolume old = requireReady("rename", from);
    holding.requireFree("rename", from, old);
    settling.begin(from, Pending.Kind.RENAME, to.text());
    SharedVolume renamed =
        old.with(old.volume().withName(to)).with(List.of()).renamedFrom(from.text());
    if (!records.create(to, renamed)) {
      pending.end(from);
      throw taken("rename", from, to);
    }
    leave("rename", from, old.volume(), now -> now.removingFor(to));
    settling.settle(from);
  }

  /** Another host, which may be lost, can have left a record that no list shows. */
  private AlreadyExists taken(String operation, VolumeName subject, VolumeName name) {
    boolean isHidden = records.current(name).filter(found -> !isVolume(name, found)).isPresent();
    return isHidden
        ? new AlreadyExists(operation, subject.text(), name.text(), HIDDEN)
        : new AlreadyExists(operation, subject.text(), name.text());
  }

  /**
   * Marks the record as no longer a volume's, unless somebody holds the volume, or has changed what
   * the command has checked, such as its protection.
   */
  private void leave(
      String operation, VolumeName name, Volume volume, UnaryOperator<SharedVolume> leaving) {
    try {
      records.edit(
          operation,
          name,
          now -> {
            holding.requireFree(operation, name, now);
            if (!now.isReady() || !now.isSame(volume)) {
              throw new NotFound(operation, name.text());
            }
            if (!now.volume().equals(volume)) {
              throw new ChangedMeanwhile(operation, name.text());
            }
            return leaving.apply(now);
          });
    } catch (RuntimeException e) {
      try {
        settling.settle(name);
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private SharedVolume requireReady(String operation, VolumeName name) {
    return records
        .find(name)
        .filter(SharedVolume::isReady)
        .orElseThrow(() -> new NotFound(operation, name.text()));
  }

  @Override
  public void remove(Collection<VolumeName> names, Size size) {
    names.forEach(name -> remove(name, () -> local.remove(List.of(name), Size.ZERO)));
  }

  private void remove(VolumeName name, Runnable removal) {
    if (records.find(name).filter(SharedVolume::isReady).isPresent()) {
      withdraw(name);
    }
    if (isLeft(name)) {
      removal.run();
    }
    settling.settle(name);
  }

  // Under this name, this host may have another volume than the withdrawn one.
  private boolean isLeft(VolumeName name) {
    String withdrawn = pending.find(name).map(Pending.BegunChange::subject).orElse("");
    try {
      return local
          .find(name)
          .filter(volume -> volume.details().id().text().equals(withdrawn))
          .isPresent();
    } catch (Damaged _) {
      return true; // only a forced removal reaches this
    }
  }

  @Override
  public void withdraw(VolumeName name) {
    SharedVolume found = requireReady("remove", name);
    settling.begin(name, Pending.Kind.REMOVE, found.volume().details().id().text());
    leave("remove", name, found.volume(), SharedVolume::removing);
  }

  @Override
  public void offer(VolumeName name) {
    settling.settle(name);
  }

  @Override
  public void remove(VolumeName name, Path data) {
    remove(name, () -> local.remove(name, data));
  }

  @Override
  public boolean isHere(Volume volume) {
    return records.find(volume.name()).filter(acceptance::isHere).isPresent();
  }

  @Override
  public void requireHere(String operation, Volume volume) {
    Optional<SharedVolume> found = records.find(volume.name());
    if (found.isEmpty()) {
      return;
    }
    SharedVolume record = found.get();
    acceptance.requireHere(operation, record);
    if (record.isEverywhere()) {
      settling.prepareHome(acceptance.noted(volume));
    }
  }

  @Override
  public Volume accept(Volume existing, Options wanted) {
    Volume described = existing.withOptions(wanted);
    Optional<Volume> meant =
        records
            .find(existing.name())
            .filter(SharedVolume::isEverywhere)
            .map(SharedVolume::volume)
            .filter(recorded -> recorded.drivenAs(described).equals(recorded));
    meant.map(acceptance::noted).ifPresent(settling::prepareHome);
    return meant.orElse(existing);
  }

  @Override
  public List<Elsewhere> heldElsewhere(VolumeName name) {
    return holding.elsewhere(name);
  }

  @Override
  public void changing(VolumeName name) {
    holding.changing(name);
  }

  @Override
  public void hold(VolumeName name, String file, byte[] document) {
    holding.hold(name, file, document);
  }

  @Override
  public void held(VolumeName name) {
    holding.held(name);
  }

  @Override
  public void released(VolumeName name) {
    holding.released(name);
  }

  @Override
  public void open() {
    settling.settleAll();
  }
}
