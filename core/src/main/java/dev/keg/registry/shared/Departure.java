package dev.keg.registry.shared;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.keg.error.RegistryException.NotShared;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.registry.Catalog;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.RootMarker;
import dev.keg.registry.shared.RegistryCopy.Difference;
import dev.keg.registry.shared.RegistryCopy.Result;
import dev.keg.volume.Host;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes this host's part of a shared registry a root of its own again, with the volumes that this
 * host created. The data stays in place. The other hosts lose the volumes first: if it is
 * interrupted then, the next command offers them again. If it is killed later, running it again
 * completes it; the root is then one of its own already.
 */
public final class Departure {
  private static final String OPERATION = "registry copy";

  private final SharedRegistry from;
  private final VolumeRegistry part;
  private final RegistryLayout layout;

  /** Takes this host's part as the registry has it. */
  public Departure(SharedRegistry from, VolumeRegistry part) {
    this.from = from;
    this.part = part;
    this.layout = part.layout();
  }

  /**
   * Leaves the registry.
   *
   * @return the number of volumes that the registry lost; or the differences, in which case nothing
   *     has changed
   */
  public Result run() {
    // Another address may be that of a copy, whose records nobody uses.
    if (!from.isJoined()) {
      throw new NotShared(
          OPERATION,
          "%s is not part of %s".formatted(layout.root(), from.address()),
          "run it on the host, with --data or KEG_DATA naming its directory");
    }
    List<Difference> differences = new ArrayList<>();
    if (isPart()) {
      part.share(false, files -> isTakenOut(files, differences));
    } else {
      differences.addAll(published());
    }
    return differences.isEmpty() ? new Result(forget(), List.of()) : new Result(0, differences);
  }

  private boolean isPart() {
    return RootMarker.read(layout.marker()).filter(RootMarker::shared).isPresent();
  }

  // For a root that was about to become a part when the command was killed.
  private List<Difference> published() {
    return from.records().currentList().stream()
        .flatMap(entry -> entry.volume().stream())
        .filter(record -> record.isReady() && isMadeHere(record))
        .map(
            record ->
                new Difference(
                    record.volume().name().text(),
                    "`keg registry copy %s %s` has begun and is not complete"
                        .formatted(layout.root(), from.address())))
        .toList();
  }

  private boolean isMadeHere(SharedVolume record) {
    Member member = from.member();
    Host host = record.volume().details().host();
    return record.home().equals(member.host())
        || (record.isEverywhere()
            && (host.isCalled(member.host()) || host.isCalled(member.hostName()))
            && Files.exists(layout.onServer(member.home(record.volume().name())), NOFOLLOW_LINKS));
  }

  private boolean isTakenOut(Catalog files, List<Difference> differences) {
    List<Volume> here = TakeOver.volumes(files.list());
    TakeOver.requireNotMounted(from.member(), here);
    differences.addAll(differences(here));
    if (!differences.isEmpty()) {
      return false;
    }
    Set<VolumeName> made = made();
    try {
      made.forEach(name -> takeOut(files, name));
      here.stream()
          .filter(volume -> !made.contains(volume.name()))
          .forEach(volume -> leaveBehind(files, volume));
    } catch (RuntimeException e) {
      offer(made, e);
      throw e;
    }
    return true;
  }

  // Problems of other hosts' records do not matter here.
  private List<Difference> differences(List<Volume> here) {
    Set<String> names =
        Stream.concat(here.stream().map(Volume::name), pending().names().stream())
            .map(VolumeName::text)
            .collect(Collectors.toCollection(HashSet::new));
    SharedRecords records = from.records();
    return from.check().differences().stream()
        .filter(found -> names.contains(found.name()) || isOurs(records, found.name()))
        .toList();
  }

  private boolean isOurs(SharedRecords records, String text) {
    String host = from.member().host();
    try {
      return VolumeName.lookup(text)
          .flatMap(records::find)
          .filter(
              record ->
                  record.home().equals(host)
                      || record.holders().stream().anyMatch(holder -> holder.host().equals(host)))
          .isPresent();
    } catch (VolumeException _) {
      return false;
    }
  }

  /** The volumes of this host, which no other host may use from now on. */
  private Set<VolumeName> made() {
    return part.catalog().ownList().stream()
        .<VolumeName>mapMulti(
            (entry, names) -> {
              if (entry instanceof RegistryEntry.Intact(Volume volume)
                  && part.catalog().isHere(volume)) {
                names.accept(volume.name());
              }
            })
        .collect(Collectors.toSet());
  }

  // Labels and protection are the same; the files do not contain what other hosts set.
  private void takeOut(Catalog files, VolumeName name) {
    part.find(name).ifPresent(recorded -> describe(files, recorded));
    part.catalog().withdraw(name);
  }

  private static void describe(Catalog files, Volume recorded) {
    String text = recorded.details().description();
    files
        .find(recorded.name())
        .filter(own -> !own.details().description().equals(text))
        .ifPresent(own -> files.replace(own, known -> known.withDescription(text)));
  }

  private void leaveBehind(Catalog files, Volume volume) {
    files.clearHome(OPERATION, volume.name());
    from.member()
        .warn(
            "volume %s stays in %s: host %s made it"
                .formatted(volume.name(), from.address(), volume.details().host().name()));
  }

  private void offer(Set<VolumeName> names, RuntimeException failure) {
    for (VolumeName name : names) {
      try {
        part.catalog().offer(name);
      } catch (RuntimeException e) {
        failure.addSuppressed(e); // the next command does it
      }
    }
  }

  private Pending pending() {
    return new Pending(layout.pending(), from.member().sync());
  }

  // Nobody sees these records any more. Delete them with their names, and then the membership.
  private int forget() {
    SharedRecords records = from.records();
    Pending pending = pending();
    int count = 0;
    for (VolumeName name : pending.names()) {
      String id = pending.find(name).map(Pending.BegunChange::subject).orElse("");
      boolean[] kept = {false};
      records.delete(
          name,
          record -> {
            kept[0] = record.isReady() && hasId(record, id);
            return !record.isReady() && hasId(record, id);
          });
      if (kept[0]) {
        from.member()
            .warn(
                "volume %s is still in %s: another host had begun to remove it and kept it"
                    .formatted(name, from.address()));
      }
      pending.end(name);
      count++;
    }
    from.forgetHost();
    FileFailures.run("leave " + from.address(), layout.root(), this::deleteFiles);
    return count;
  }

  private static boolean hasId(SharedVolume record, String id) {
    return record.volume().details().id().text().equals(id);
  }

  private void deleteFiles() throws IOException {
    for (Path directory : List.of(layout.cache(), layout.pending())) {
      TreeDeletion.delete(directory);
    }
    Files.deleteIfExists(layout.membership());
  }
}
