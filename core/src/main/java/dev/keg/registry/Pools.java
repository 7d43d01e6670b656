package dev.keg.registry;

import dev.keg.error.PoolException.NoSuchPool;
import dev.keg.error.PoolException.PoolInUse;
import dev.keg.error.PoolException.PoolRefused;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Places;
import dev.keg.registry.pool.Pool;
import dev.keg.registry.pool.Pool.Identity;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pools of a root: lists, adds and removes them. */
public final class Pools {
  /** The directory of a pool may be a file system of its own. */
  private static final String LOST_AND_FOUND = "lost+found";

  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final String LOCK = "@pools";
  private static final String DRAFT = "keg-pool.json.new";

  private final VolumeRegistry registry;
  private final Places places;
  private final Root root;
  private final DirectorySync sync;

  Pools(VolumeRegistry registry, Root root, DirectorySync sync) {
    this.registry = registry;
    this.places = registry.layout().places();
    this.root = root;
    this.sync = sync;
  }

  public List<Pool> list() {
    return places.pools();
  }

  /** The volumes recorded in the pool, even if it is missing. */
  public List<VolumeName> volumes(PoolName pool) {
    Stream<VolumeName> names =
        pool.isDefault()
            ? registry.names().stream()
            : places.names().stream().flatMap(name -> VolumeName.lookup(name).stream());
    return names.filter(name -> places.poolOf(name).equals(pool)).sorted().toList();
  }

  /** The archives whose repository is in the directory, and that have volumes. */
  public List<PoolName> archivesIn(Path directory) {
    String inside = directory + directory.getFileSystem().getSeparator();
    return list().stream()
        .filter(pool -> pool.repository().filter(text -> text.startsWith(inside)).isPresent())
        .map(Pool::name)
        .filter(pool -> !volumes(pool).isEmpty())
        .toList();
  }

  /** The directories in a pool that belong to no volume, such as those of another root. */
  public List<Path> strangers(Place place) {
    Path volumes = place.volumes();
    return FileFailures.translate("list volumes", volumes, () -> DirectoryEntries.of(volumes))
        .stream()
        .filter(path -> !path.endsWith(LOST_AND_FOUND))
        .filter(path -> !isOfVolume(path, place))
        .sorted()
        .toList();
  }

  private boolean isOfVolume(Path path, Place place) {
    return VolumeName.lookup(String.valueOf(path.getFileName()))
        .filter(name -> places.poolOf(name).equals(place.pool()))
        .isPresent();
  }

  /**
   * Makes the directory a pool. If it was a pool of this root before and was forgotten, it is added
   * with its volumes; those whose names are free become volumes again.
   */
  public Pool add(PoolName name, Path directory) {
    return add(name, directory, Optional.empty());
  }

  /** Makes the repository a pool that stores its volumes' data there. */
  public Pool addArchive(PoolName name, String repository) {
    Path directory = Pool.archive(registry.layout().root(), name);
    return add(name, directory, Optional.of(repository));
  }

  private Pool add(PoolName name, Path directory, Optional<String> repository) {
    registry.openForWriting();
    if (registry.isShared()) {
      throw new NotShared("pool add", "a registry that several hosts share has no pools");
    }
    try (var _ = registry.lock().lockContainer(LOCK)) {
      return FileFailures.translate(
          "pool add", directory, () -> addNow(name, directory, repository));
    }
  }

  private Pool addNow(PoolName name, Path directory, Optional<String> repository)
      throws IOException {
    if (repository.isPresent() && !Files.isDirectory(directory.resolveSibling(""))) {
      Root.makeDirectory(directory.resolveSibling(""));
    }
    if (!Files.isDirectory(directory)) {
      Root.makeDirectory(directory);
    }
    Path real = directory.toRealPath();
    Optional<Pool> known =
        list().stream()
            .filter(pool -> pool.name().equals(name) && pool.directory().equals(real))
            .filter(pool -> pool.repository().equals(repository))
            .findFirst();
    String here = registry.layout().root().toRealPath().toString();
    if (known.isPresent()) {
      takeOver(known.get(), here);
      link(known.get().require());
      return known.get();
    }
    if (name.isDefault() || list().stream().anyMatch(p -> p.name().equals(name))) {
      throw new PoolRefused(name.text(), "this pool already exists", "choose another name");
    }
    if (repository.isEmpty()) {
      requireApart(name, real);
    }
    requireTrusted(name, real);
    Optional<Identity> before = Identity.read(real);
    before.ifPresent(found -> requireOurs(found, name, here));
    if (before.isEmpty()) {
      requireEmpty(name, real);
    }
    String id = before.map(Identity::id).orElseGet(() -> registry.newId().text());
    Pool pool = new Pool(name, real, id, repository, registry.layout().root());
    make(pool, new Identity(name, id, here));
    List<Pool> all = new ArrayList<>(list());
    all.add(pool);
    root.mark(all);
    link(pool.place());
    return pool;
  }

  private void requireApart(PoolName name, Path directory) throws IOException {
    List<Path> taken = new ArrayList<>();
    taken.add(registry.layout().root().toRealPath());
    list().forEach(pool -> taken.add(pool.directory()));
    for (Path other : taken) {
      if (directory.startsWith(other) || other.startsWith(directory)) {
        throw new PoolRefused(
            name.text(),
            "one of %s and %s contains the other".formatted(directory, other),
            "choose a directory of its own on the other disk");
      }
    }
  }

  /**
   * Refuses a directory that others can write to: they could replace volumes, which root would
   * mount.
   */
  private void requireTrusted(PoolName name, Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    UserPrincipal owner = Files.getOwner(registry.layout().root());
    List<UserPrincipal> owners = List.of(owner, Files.getOwner(directory.getRoot()));
    Place place = new Place(name, directory);
    for (Path part : List.of(directory, place.volumes(), place.staging(), place.trash())) {
      boolean trusted =
          Files.notExists(part, LinkOption.NOFOLLOW_LINKS)
              || (Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)
                  && owners.contains(Files.getOwner(part))
                  && Collections.disjoint(Files.getPosixFilePermissions(part), OTHERS_WRITE));
      if (!trusted) {
        throw new PoolRefused(
            name.text(),
            "other users can change what is in " + part,
            "choose a new directory on that disk, or chown %s %s and chmod go-w it"
                .formatted(owner.getName(), part));
      }
    }
  }

  /** Takes over a pool that this root created at another path. */
  private void takeOver(Pool pool, String here) throws IOException {
    Optional<Identity> found =
        Identity.read(pool.directory())
            .filter(identity -> identity.id().equals(pool.id()))
            .filter(identity -> !identity.root().equals(here));
    if (found.isPresent()) {
      Path other = pool.directory().resolve(found.get().root());
      boolean moved =
          new Places(other).pools().stream().noneMatch(one -> one.id().equals(pool.id()));
      if (!moved) {
        requireOurs(found.get(), pool.name(), here);
      }
      make(pool, new Identity(pool.name(), pool.id(), here));
    }
  }

  private static void requireOurs(Identity found, PoolName name, String root) {
    if (!found.root().equals(root)) {
      throw new PoolRefused(
          name.text(),
          "the directory is pool %s of the root %s".formatted(found.name(), found.root()),
          "choose another directory");
    }
  }

  private static void requireEmpty(PoolName name, Path directory) throws IOException {
    boolean empty =
        DirectoryEntries.of(directory).stream()
            .allMatch(path -> path.endsWith(LOST_AND_FOUND) || path.endsWith(DRAFT));
    if (!empty) {
      throw new PoolRefused(
          name.text(),
          directory + " is not empty",
          "choose a new directory on that disk, such as " + directory.resolve("keg"));
    }
  }

  private void make(Pool pool, Identity identity) throws IOException {
    Place place = pool.place();
    // Before anything else, so that the next command recognises what a killed one leaves.
    Path draft = pool.directory().resolve(DRAFT);
    Files.deleteIfExists(draft);
    AtomicFile.replace(Pool.file(pool.directory()), draft, identity.bytes(), sync);
    for (Path part : List.of(place.volumes(), place.staging(), place.trash())) {
      Root.makeDirectory(part);
    }
    sync.sync(place.volumes());
    sync.sync(pool.directory());
    sync.sync(pool.directory().resolveSibling(""));
  }

  private void link(Place place) {
    strangers(place).forEach(home -> link(home, place));
  }

  private void link(Path home, Place place) {
    VolumeName.lookup(String.valueOf(home.getFileName()))
        .filter(name -> Files.exists(registry.layout().volumeFile(place.home(name))))
        .ifPresent(
            name -> {
              try (var _ = registry.lock().lock(name)) {
                if (isFree(name)) {
                  registry.relocations().point(name, place);
                }
              }
            });
  }

  /** Whether no volume has the name; the caller holds its lock. */
  private boolean isFree(VolumeName name) {
    return !Files.exists(places.own().home(name).path(), LinkOption.NOFOLLOW_LINKS)
        && places.poolOf(name).isDefault();
  }

  /**
   * Removes a pool without volumes; the directory is empty afterwards.
   *
   * @param lost whether to forget a pool whose disk is lost, with all of its volumes
   */
  public void remove(PoolName name, boolean lost) {
    registry.openForWriting();
    // Prevents new volumes in the pool.
    try (var _ = registry.lock().lockContainer(LOCK);
        var _ = registry.lock().lockAll()) {
      Pool pool =
          list().stream()
              .filter(one -> one.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new NoSuchPool(name.text()));
      boolean there = pool.whyMissing().isEmpty();
      if (!there && !lost) {
        var _ = pool.require();
      }
      List<VolumeName> volumes = there ? present(pool) : volumes(name);
      if (there && !volumes.isEmpty()) {
        throw new PoolInUse(name.text(), volumes.stream().map(VolumeName::text).toList());
      }
      FileFailures.run("pool rm", pool.directory(), () -> forget(pool, there));
    }
  }

  private List<VolumeName> present(Pool pool) {
    return volumes(pool.name()).stream()
        .filter(name -> Files.exists(pool.place().home(name).path(), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private void forget(Pool pool, boolean there) throws IOException {
    registry.relocations().forget(pool.name());
    for (VolumeName name : volumes(pool.name())) {
      registry.relocations().point(name, places.own());
    }
    root.mark(list().stream().filter(one -> !one.name().equals(pool.name())).toList());
    if (there) {
      registry.relocations().clear(pool.place());
      boolean empty = strangers(pool.place()).isEmpty();
      for (Path part :
          List.of(
              pool.place().staging(),
              pool.place().trash(),
              pool.place().arriving(),
              pool.place().volumes())) {
        if (DirectoryEntries.of(part).isEmpty()) {
          Files.deleteIfExists(part);
        }
      }
      // This lets the directory be added again if it has forgotten volumes of this root.
      if (empty) {
        Files.deleteIfExists(Pool.file(pool.directory()));
      }
      sync.sync(pool.directory());
    }
  }
}
